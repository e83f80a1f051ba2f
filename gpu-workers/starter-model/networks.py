"""The starter model's networks and noise schedule, in the shapes of a Stable Diffusion checkpoint but small.

Pictures of 128 x 128 become latents of 32 x 32 x 4. The UNet has 9 input channels, as inpainting checkpoints
do (noisy latents, mask, latents of the masked picture); with a full mask it draws from the prompt alone.
"""

from diffusers import AutoencoderTiny, DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

SIDE = 128  # pixels of the training pictures
LATENT_SIDE = 32
LATENT_CHANNELS = 4
TOKENS = 77
FEATURES = 128  # of a token


def make_vae():
    return AutoencoderTiny(
        encoder_block_out_channels=(48, 48, 48),
        decoder_block_out_channels=(48, 48, 48),
        num_encoder_blocks=(0, 2, 3),
        num_decoder_blocks=(3, 2, 0),
        latent_channels=LATENT_CHANNELS,
    )


def make_text_encoder(tokenizer):
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=FEATURES,
            intermediate_size=FEATURES * 4,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=TOKENS,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.eos_token_id,
            projection_dim=FEATURES,
        )
    )


def make_unet(channels=(48, 96, 160)):
    levels = len(channels) - 1
    return UNet2DConditionModel(
        sample_size=LATENT_SIDE,
        in_channels=2 * LATENT_CHANNELS + 1,
        out_channels=LATENT_CHANNELS,
        layers_per_block=1,
        block_out_channels=channels,
        norm_num_groups=16,
        down_block_types=("DownBlock2D", *("CrossAttnDownBlock2D",) * levels),
        up_block_types=(*("CrossAttnUpBlock2D",) * levels, "UpBlock2D"),
        cross_attention_dim=FEATURES,
        attention_head_dim=4,
    )


def make_schedule():
    """Betas that end at 0.025 leave almost no picture in the last step.

    With Stable Diffusion's 0.012 the mean colour still shows through the last step's noise at these small
    sizes, so the net reads colours from the noise instead of from the prompt.
    """
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.025,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
        timestep_spacing="trailing",
        prediction_type="v_prediction",
    )
