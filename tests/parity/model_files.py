"""The checkpoints of model_parity.py: random weights, DeepSeek-V3's names of prediction layers, and narrow types."""

import torch
from safetensors.torch import load_file, save_file

BLOCK = 128  # rows and columns of an FP8 matrix that share a scale
NARROW = {"bfloat16": torch.bfloat16, "float16": torch.float16}


def randomise(model, seed):
    """Weights whose logits are far from flat; no gain, offset or bias is left at a value that hides it."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        named = dict(model.named_parameters()) | dict(model.named_buffers())
        for name, tensor in named.items():
            if name.endswith("inv_freq") or tensor.numel() == 0:
                continue
            noise = torch.randn(tensor.shape, generator=generator)
            if name.endswith("norm.weight"):
                tensor.copy_(1 + 0.3 * noise)
            elif name.endswith("e_score_correction_bias"):
                tensor.copy_(0.2 * noise)
            elif tensor.dim() == 1:
                tensor.copy_(0.3 * noise)
            elif "embed_tokens" in name:
                tensor.copy_(0.7 * noise)
            else:
                tensor.copy_(1.3 * noise * tensor.shape[-1] ** -0.5)


def v3_names(predictor, first_layer):
    """The tensors of the prediction layers, by the names that DeepSeek-V3's checkpoint gives them."""
    tensors = {}
    for key, tensor in predictor.layers.state_dict().items():
        depth, name = key.split(".", 1)
        prefix = f"model.layers.{first_layer + int(depth)}."
        name = name.replace("mtp_block.", "").replace("post_norm.", "shared_head.norm.")
        if name.endswith("experts.gate_up_proj"):
            for expert, (gate, up) in enumerate(t.chunk(2) for t in tensor):
                tensors[f"{prefix}mlp.experts.{expert}.gate_proj.weight"] = gate
                tensors[f"{prefix}mlp.experts.{expert}.up_proj.weight"] = up
        elif name.endswith("experts.down_proj"):
            for expert, down in enumerate(tensor):
                tensors[f"{prefix}mlp.experts.{expert}.down_proj.weight"] = down
        else:
            tensors[prefix + name] = tensor
    return {name: tensor.contiguous() for name, tensor in tensors.items()}


def read_folder(folder):
    return {name: tensor for file in folder.glob("*.safetensors") for name, tensor in load_file(file).items()}


def write_folder(folder, tensors):
    for file in folder.glob("model*.safetensors*"):
        file.unlink()
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def quantise(matrix):
    """FP8 with a scale per block, as DeepSeek-V3's checkpoint has it; and the numbers that it stands for."""
    rows, columns = matrix.shape
    padded = torch.nn.functional.pad(matrix, (0, -columns % BLOCK, 0, -rows % BLOCK))
    blocks = padded.unflatten(1, (-1, BLOCK)).unflatten(0, (-1, BLOCK))  # [row block, row, column block, column]
    scale = blocks.abs().amax((1, 3)).clamp(min=1e-4) / 448
    narrow = (blocks / scale[:, None, :, None]).to(torch.float8_e4m3fn)
    wide = (narrow.float() * scale[:, None, :, None]).flatten(2).flatten(0, 1)[:rows, :columns]
    return narrow.flatten(2).flatten(0, 1)[:rows, :columns].contiguous(), scale, wide.contiguous()


def narrow_folder(storage, folder):
    """Stores the folder in a narrow type; returns the tensors it then stands for, in float32."""
    stored, meant = {}, {}
    for name, tensor in read_folder(folder).items():
        is_product = tensor.dim() == 2 and name.endswith("_proj.weight") or "kv_a_proj_with_mqa.weight" in name
        if storage != "fp8":
            stored[name] = tensor.to(NARROW[storage])
            meant[name] = stored[name].float()
        elif is_product:
            stored[name], stored[name + "_scale_inv"], meant[name] = quantise(tensor)
        else:
            stored[name] = meant[name] = tensor
    write_folder(folder, stored)
    return meant
