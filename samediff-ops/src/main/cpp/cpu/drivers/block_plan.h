// SPDX-License-Identifier: Apache-2.0
// How the windows of an operator are cut into blocks, and the memory a thread needs for them. Everything here
// depends on the geometry alone, never on the number of threads.
#pragma once

#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

#include "../threads.h"
#include "../window_block.h"
#include "../window_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

constexpr Index kBlockLanes = 256;
constexpr Index kTileElements = 1 << 16;      // of one array; fits the second-level cache
constexpr Index kSmallMap = 1 << 10;          // maps whose channels may be gathered with large steps
constexpr Index kLeastItems = 16;             // of work, where the map allows it
constexpr Index kAccumulatorWords = 1 << 22;  // of all groups

// Hands out parts of one piece of memory, which is 0 at first. Without memory it only counts.
class ScratchParts {
public:
    explicit ScratchParts(char* memory) : memory_(memory) {}

    template <class T>
    T* take(Index count) {
        size_t begin = used_;
        size_t size = static_cast<size_t>(count) * sizeof(T);
        used_ += (size + 63) / 64 * 64;
        fence(begin + size);
        return memory_ == nullptr ? nullptr : reinterpret_cast<T*>(memory_ + begin);
    }

    size_t used() const {
        return used_;
    }

    bool has_memory() const {
        return memory_ != nullptr;
    }

private:
    // Nobody must touch what lies between two parts.
    void fence([[maybe_unused]] size_t begin) {
#if defined(__SANITIZE_ADDRESS__)
        used_ += 64;
        if (memory_ != nullptr) {
            ASAN_POISON_MEMORY_REGION(memory_ + begin, used_ - begin);
        }
#endif
    }

    char* memory_;
    size_t used_ = 0;
};

// The arrays of a launch, by their roles.
struct BlockArrays {
    const WindowKernels& kernels;
    const WindowHeader& header;
    const TensorStrides* strides;
    void* const* addresses;

    BlockArrays(const WindowKernels& k, const void* parameters, void* const* arrays)
        : kernels(k),
          header(*static_cast<const WindowHeader*>(parameters)),
          strides(static_cast<const WindowParameters<1>*>(parameters)->strides),
          addresses(arrays) {}

    const WindowGeometry& geometry() const {
        return header.geometry;
    }

    int element(int i) const {
        return i;
    }

    int parameter(int i) const {
        return 1 + kernels.elements + i;
    }

    int mask(int i) const {
        return 1 + kernels.elements + kernels.parameters + i;
    }

    int step_mask() const {
        return kernels.inputs() - 1;
    }

    // Behind the inputs.
    int further(int i) const {
        return kernels.inputs() + i;
    }
};

inline Index round_up(Index value, Index unit) {
    return (value + unit - 1) / unit * unit;
}

// Lanes of a block are channels, or windows along the width.
template <class Real>
struct BlockPlan {
    static constexpr Index kLanes = lane_count<typename LanesOf<Real>::Vector>();

    WindowGeometry g;
    bool along_channels;
    Index chunk;   // channels of an item
    Index pitch;   // of taps, where lanes are channels
    Index phases;  // of a row, where lanes are windows: columns whose distance is a multiple of the stride
    Index phase_size;
    Index kernel_taps;

    // to_chosen: for gradients of chosen elements, which vectors are no use for.
    BlockPlan(const WindowGeometry& geometry, const TensorStrides& x, bool to_chosen = false) : g(geometry) {
        const WindowAxis& w = g.axes[2];
        Range interior = interior_windows(w);
        Index along_width = ceil_divide(interior.size(), kLanes) + w.output - interior.size();
        bool small_map = g.axes[0].input * g.axes[1].input * w.input <= kSmallMap;
        bool many_channels = g.channels >= kLanes || g.channels > interior.size();
        // Rows may leave many lanes of their vectors idle; gathering channels has its price too.
        Index lanes_of_rows = along_width * minimum(kLanes, g.channels);
        along_channels =
            channels_last(g, x) || (small_map && many_channels && 5 * lanes_of_rows > (to_chosen ? 20 : 6) * w.output);
        kernel_taps = taps_per_window(g);
        Index valid_taps_at_most = minimum(g.axes[0].kernel, g.axes[0].input) *
                                   minimum(g.axes[1].kernel, g.axes[1].input) * minimum(w.kernel, w.input);
        most_taps = valid_taps_at_most;
        Index lanes = maximum(kLanes, minimum(kBlockLanes, (1 << 14) / maximum(1, most_taps) / kLanes * kLanes));
        chunk = along_channels ? minimum(g.channels, lanes) : 1;
        pitch = along_channels ? round_up(chunk, kLanes) : 0;
        phases = minimum(w.stride, w.input);
        phase_size = ceil_divide(w.input, w.stride) + kLanes;
    }

    Index most_taps;  // inside the map

    Index chunks() const {
        return ceil_divide(g.channels, chunk);
    }

    Index row_size() const {
        return along_channels ? g.axes[2].input * pitch : phases * phase_size;
    }

    // Whether rows are brought into reach whole, where lanes are channels; else tap by tap.
    bool stages_rows(Index span) const {
        return span * row_size() <= kTileElements;
    }

    Index rows() const {
        return g.axes[0].input * g.axes[1].input;
    }

    // Input rows of a tile at most.
    Index tile_rows() const {
        Index wanted = ceil_divide(rows(), maximum(1, ceil_divide(kLeastItems, maximum(1, g.batch * chunks()))));
        Index most = maximum(1, minimum(kTileElements / row_size(), wanted));
        Index slice = g.axes[1].input;
        return most >= slice ? most / slice * slice : ceil_divide(slice, ceil_divide(slice, most));
    }

    Index tiles() const {
        Index slice = g.axes[1].input;
        Index rows_of_tile = tile_rows();
        return rows_of_tile >= slice ? ceil_divide(rows(), rows_of_tile)
                                     : g.axes[0].input * ceil_divide(slice, rows_of_tile);
    }

    // Whole slices, or a part of one.
    Range tile(Index index) const {
        Index slice = g.axes[1].input;
        Index rows_of_tile = tile_rows();
        if (rows_of_tile >= slice) {
            return {index * rows_of_tile, minimum(rows(), (index + 1) * rows_of_tile)};
        }
        Index parts = ceil_divide(slice, rows_of_tile);
        Index begin = index % parts * rows_of_tile;
        Index first = index / parts * slice;
        return {first + begin, first + minimum(slice, begin + rows_of_tile)};
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
