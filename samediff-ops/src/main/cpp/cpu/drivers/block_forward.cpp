// SPDX-License-Identifier: Apache-2.0
// Forward pass of operators that compute blocks of windows.
#include "block_builder.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

namespace {

template <class Storage>
class BlockForward {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

public:
    BlockForward(const BlockArrays& arrays, const BlockPlan<Real>& plan, ScratchParts scratch)
        : a_(arrays), plan_(plan), builder_(arrays, plan, false, scratch) {
        builder_.block.y = scratch.take<Real>(builder_.block_lanes());
        builder_.block.chosen = scratch.take<Real>(builder_.block_lanes());
        positions_ = scratch.take<Index>(arrays.kernels.has_index ? plan.most_taps : 0);
        needed_ = scratch.used();
    }

    size_t needed() const {
        return needed_;
    }

    void rows(Index batch, Range channels, Range outputs) {
        builder_.begin_item();
        const WindowGeometry& g = plan_.g;
        for (Index row = outputs.begin; row < outputs.end; row++) {
            builder_.row(
                batch, channels, row / g.axes[1].output, row % g.axes[1].output,
                [&](const BlockPlace& at) {
                    a_.kernels.forward(builder_.block);
                    store(at);
                },
                [&](const BlockPlace& at) { store_nothing(at); });
        }
    }

private:
    BlockArrays a_;
    BlockPlan<Real> plan_;
    BlockBuilder<Storage> builder_;
    size_t needed_;
    Index* positions_;  // of the first lane's taps, in the map

    // Who needs no gradient leaves it out.
    bool wants_index() const {
        return a_.kernels.has_index && a_.addresses[a_.further(1)] != nullptr;
    }

    Index output_offset(int array, const BlockPlace& at) const {
        return element_offset(a_.strides[array], at.batch, at.channel, at.output[0], at.output[1], at.output[2]);
    }

    Index lane_stride(int array) const {
        const TensorStrides& s = a_.strides[array];
        return plan_.along_channels ? s.channel : s.axes[2];
    }

    void store(const BlockPlace& at) {
        int y = a_.further(0);
        Storage* target = static_cast<Storage*>(a_.addresses[y]) + output_offset(y, at);
        Index step = lane_stride(y);
        for (Index lane = 0; lane < at.lanes; lane += kLanes) {
            int lanes = static_cast<int>(minimum(kLanes, at.lanes - lane));
            store_lanes(target + lane * step, step, lanes, load_lanes(builder_.block.y + lane));
        }
        if (wants_index()) {
            store_index(at);
        }
    }

    void store_index(const BlockPlace& at) {
        const WindowGeometry& g = plan_.g;
        for (Index tap = 0; tap < builder_.block.taps; tap++) {
            const TapPlace& place = builder_.places[tap];
            positions_[tap] = (place.depth * g.axes[1].input + place.height) * g.axes[2].input + place.width;
        }
        int array = a_.further(1);
        Index* target = static_cast<Index*>(a_.addresses[array]) + output_offset(array, at);
        const Index* positions = positions_;
        const Real* chosen = builder_.block.chosen;
        Index step = lane_stride(array);
        Index lane_step = builder_.lane_step();
        for (Index lane = 0; lane < at.lanes; lane++) {
            target[lane * step] = positions[static_cast<Index>(chosen[lane])] + lane * lane_step;
        }
    }

    void store_nothing(const BlockPlace& at) {
        for (Index lane = 0; lane < at.lanes; lane++) {
            int y = a_.further(0);
            pooling::store(static_cast<Storage*>(a_.addresses[y]) + output_offset(y, at) + lane * lane_stride(y),
                           Real(0));
            if (wants_index()) {
                int index = a_.further(1);
                static_cast<Index*>(a_.addresses[index])[output_offset(index, at) + lane * lane_stride(index)] = -1;
            }
        }
    }
};

}  // namespace

template <class Storage>
KernelStatus run_blocks_forward(const WindowKernels& kernels, const void* parameters, void* const* addresses) {
    typedef typename StorageTraits<Storage>::Real Real;
    BlockArrays arrays(kernels, parameters, addresses);
    const WindowGeometry& g = arrays.geometry();
    BlockPlan<Real> plan(g, arrays.strides[0]);
    size_t size = BlockForward<Storage>(arrays, plan, ScratchParts(nullptr)).needed();
    Index output_rows = g.axes[0].output * g.axes[1].output;
    Index planes = g.batch * plan.chunks();
    Index parts = minimum(output_rows, ceil_divide(kLeastItems, maximum(1, planes)));
    Index work = ceil_divide(output_rows, parts) * g.axes[2].output * plan.chunk * plan.most_taps;
    bool out_of_memory = false;
    parallel_ranges(planes * parts, work, [&](Index begin, Index end) {
        char* memory = static_cast<char*>(calloc(size, 1));
        if (memory == nullptr) {
            out_of_memory = true;  // every thread writes the same value
            return;
        }
        BlockForward<Storage> forward(arrays, plan, ScratchParts(memory));
        for (Index item = begin; item < end; item++) {
            Index plane = item / parts;
            Index part = item % parts;
            Index channel = plane % plan.chunks() * plan.chunk;
            forward.rows(plane / plan.chunks(), {channel, minimum(g.channels, channel + plan.chunk)},
                         {output_rows * part / parts, output_rows * (part + 1) / parts});
        }
        free(memory);
    });
    return out_of_memory ? kOutOfMemory : kSuccess;
}

template KernelStatus run_blocks_forward<float>(const WindowKernels&, const void*, void* const*);
#if !defined(POOLING_FLOAT_ALONE)
template KernelStatus run_blocks_forward<double>(const WindowKernels&, const void*, void* const*);
template KernelStatus run_blocks_forward<Half>(const WindowKernels&, const void*, void* const*);
template KernelStatus run_blocks_forward<BFloat16>(const WindowKernels&, const void*, void* const*);
#endif

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
