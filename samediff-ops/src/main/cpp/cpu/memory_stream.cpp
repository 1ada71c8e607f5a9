// SPDX-License-Identifier: Apache-2.0
// The measure of memory speed: reads an array and writes another of any size, each once, with next to no arithmetic.
#include "../kernels/memory_stream.h"

#include "kernel_table.h"
#include "lanes.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

// Pieces of both arrays are read and written in turn, as a pooling kernel does.
constexpr Index kPiece = 1 << 12;  // elements read

template <class Storage>
KernelStatus run(const void* parameters, void* const* arrays) {
    typedef typename LanesOf<typename StorageTraits<Storage>::Real>::Vector Vector;
    constexpr Index kLanes = lane_count<Vector>();
    const MemoryStreamParameters& p = *static_cast<const MemoryStreamParameters*>(parameters);
    const Storage* x = static_cast<const Storage*>(arrays[0]);
    Storage* y = static_cast<Storage*>(arrays[1]);
    Index pieces = ceil_divide(p.input, kPiece);
    auto cut = [&](Index elements, Index piece) {
        return elements / pieces * piece + elements % pieces * piece / pieces;
    };
    parallel_ranges(pieces, (p.input + p.output) / pieces, [&](Index begin, Index end) {
        for (Index piece = begin; piece < end; piece++) {
            Vector sums[4] = {};
            Index i = cut(p.input, piece);
            Index end_of_input = cut(p.input, piece + 1);
            for (; i + 4 * kLanes <= end_of_input; i += 4 * kLanes) {
                for (int part = 0; part < 4; part++) {
                    sums[part] += load_lanes(x + i + part * kLanes);
                }
            }
            for (; i < end_of_input; i++) {
                sums[0][0] += load(x + i);
            }
            Vector sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
            Index o = cut(p.output, piece);
            Index end_of_output = cut(p.output, piece + 1);
            for (; o + kLanes <= end_of_output; o += kLanes) {
                store_lanes(y + o, sum);
            }
            for (; o < end_of_output; o++) {
                store(y + o, sum[0]);
            }
        }
    });
    return kSuccess;
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(memory_stream)[];
const KernelEntry POOLING_KERNEL_TABLE(memory_stream)[] = {
    POOLING_KERNEL("memory_stream", MemoryStreamParameters, 2, run),
    {},
};

}  // namespace pooling
