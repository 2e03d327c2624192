#pragma once
// The letters in every shape comment of this program.
//
// clang-format off
//   B  sequences in a batch       H  attention heads                  E  routed experts
//   S  positions in a sequence    G  key-value heads (GQA)            K  experts a token visits
//   T  tokens, B * S              R  rank of the KV latent            F  width of a feed-forward
//   D  width of the model         P  rotary width of a head           V  vocabulary
//   U  width of a value head      N  width of a head without position (nope)
// clang-format on
//
// Positions count from 0. All learnable tensors are float32 on the CPU.
