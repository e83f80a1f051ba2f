"""Turns a Stable Diffusion checkpoint in diffusers' layout into the ONNX folder that the pipeline runs.

From gpu-workers/, in the environment that `npm run setup:python` makes:

    python -m convert --source CHECKPOINT --out FOLDER [--half]
"""
