/** What three published nets want to see and how their answers read, so that a folder only has to name one. */

export const mattingPresets = {
  /**
   * ISNet (Qin et al., arXiv:2203.03041). Pixels / 255, minus 0.5; the first of six outputs is the finest, a sigmoid
   * already, stretched to its own least and largest value: `Inference.py` of https://github.com/xuebinqin/DIS.
   */
  isnet: {
    input_size: 1024,
    fit: 'stretch',
    scale: 'byte',
    mean: [0.5, 0.5, 0.5],
    std: [1, 1, 1],
    output: 'first',
    activation: 'none',
    stretch_alpha: true,
  },
  /**
   * U²-Net (Qin et al., arXiv:2005.09007). Pixels by the picture's largest value, then ImageNet's mean and deviation;
   * the first of seven outputs is the fused one, a sigmoid already, stretched: `data_loader.py` (ToTensorLab) and
   * `u2net_test.py` (normPRED) of https://github.com/xuebinqin/U-2-Net.
   */
  u2net: {
    input_size: 320,
    fit: 'stretch',
    scale: 'largest',
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    output: 'first',
    activation: 'none',
    stretch_alpha: true,
  },
  /**
   * BiRefNet (Zheng et al., arXiv:2401.03407). Pixels / 255, ImageNet's mean and deviation; the last output is the
   * finest, before its sigmoid: the usage example in https://github.com/ZhengPeng7/BiRefNet.
   */
  birefnet: {
    input_size: 1024,
    fit: 'stretch',
    scale: 'byte',
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    output: 'last',
    activation: 'sigmoid',
    stretch_alpha: false,
  },
} as const
