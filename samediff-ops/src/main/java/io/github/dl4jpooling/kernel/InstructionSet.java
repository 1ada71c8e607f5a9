// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

/** Instruction sets that the CPU kernels are compiled for. The best one that the processor has is used. */
public enum InstructionSet {
    // In the order of native_api.h.
    /** What every processor of the platform has: SSE2 on x86-64, NEON on arm64. */
    BASELINE,
    /** AVX2 and FMA, x86-64 only. */
    AVX2,
    /** AVX-512 F, BW, DQ and VL, x86-64 only. */
    AVX512
}
