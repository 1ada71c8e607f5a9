// SPDX-License-Identifier: Apache-2.0
// Walks over spike trains step by step. A part of a map is brought into vectors' reach at every step; lanes are
// neighbouring windows of a row, or channels. What a window makes of its elements is left to a rule, which has
//     kCounts                                     whether it needs to know how often each unit has fired
//     Rule(parameters, arrays, plan, ScratchParts&)
//     void begin(const SpikeBlock&)               before the first step, for every block of windows
//     void step(const SpikeBlock&, const SpikeTaps<Real>&)
#pragma once

#include "../kernels/spiking.h"
#include "drivers/block_plan.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Windows side by side, or of neighbouring channels.
struct SpikeBlock {
    Index batch;
    Index channel;  // of the first lane
    Index time;
    Index height;
    Index width;  // of the first lane
    Index lanes;
    Index number;  // among those of its part of the map
};

// The elements of a block of windows, row by row.
template <class Real>
struct SpikeTaps {
    const Real* x;
    const Real* counts;
    Index rows;
    Index columns;
    const Index* row_offsets;
    const Index* row_positions;
    const Index* column_offsets;
    const Index* column_positions;
    Index lane_step;  // of positions

    // Place in the map of one step.
    Index position(Index tap, Index lane) const {
        return row_positions[tap / columns] + column_positions[tap % columns] + lane * lane_step;
    }

    // take(offset, number of the tap)
    template <class Take>
    POOLING_FUNCTION void for_each(const Take& take) const {
        Index tap = 0;
        for (Index row = 0; row < rows; row++) {
            for (Index column = 0; column < columns; column++, tap++) {
                take(row_offsets[row] + column_offsets[column], tap);
            }
        }
    }
};

// How a map is cut, and how a row of it lies in memory: channels side by side, or columns whose distance is a multiple
// of the stride, those of the padding included.
template <class Real>
struct SpikePlan {
    static constexpr Index kLanes = lane_count<typename LanesOf<Real>::Vector>();

    WindowGeometry g;
    bool along_channels;
    Index chunk;  // channels of a part
    Index pitch;
    Index columns;
    Index phases;
    Index phase_size;
    Index parts;  // of the output's rows

    SpikePlan(const WindowGeometry& geometry, const TensorStrides& x) : g(geometry) {
        const WindowAxis& w = g.axes[2];
        const WindowAxis& h = g.axes[1];
        along_channels = channels_last(g, x);
        chunk = along_channels ? minimum(g.channels, 2 * kLanes) : 1;
        pitch = round_up(chunk, kLanes);
        columns = (w.output - 1) * w.stride + (w.kernel - 1) * w.dilation + 1;
        phases = minimum(w.stride, columns);
        phase_size = ceil_divide(columns, w.stride) + kLanes;
        Index by_work = ceil_divide(kLeastItems, maximum(1, g.batch * chunks()));
        Index by_size = ceil_divide(2 * h.input * row_size(), kTileElements);
        parts = minimum(h.output, maximum(by_work, by_size));
    }

    Index chunks() const {
        return ceil_divide(g.channels, chunk);
    }

    Index row_size() const {
        return along_channels ? g.axes[2].input * pitch : phases * phase_size;
    }

    Range outputs(Index part) const {
        return {g.axes[1].output * part / parts, g.axes[1].output * (part + 1) / parts};
    }

    // Rows of the input that rows of the output look at.
    Range inputs(Range rows) const {
        const WindowAxis& h = g.axes[1];
        Index begin = maximum(0, window_start(h, rows.begin));
        Index end = minimum(h.input, window_start(h, rows.end - 1) + (h.kernel - 1) * h.dilation + 1);
        return {begin, maximum(begin, end)};
    }

    Index most_outputs() const {
        return ceil_divide(g.axes[1].output, parts);
    }

    Index most_inputs() const {
        const WindowAxis& h = g.axes[1];
        return minimum(h.input, (most_outputs() - 1) * h.stride + (h.kernel - 1) * h.dilation + 1);
    }

    Index block_lanes() const {
        return along_channels ? pitch : round_up(g.axes[2].output, kLanes);
    }

    Index most_blocks() const {
        return most_outputs() * (along_channels ? g.axes[2].output : 1);
    }
};

template <class Storage, class Rule>
class SpikeWalk {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

public:
    template <class Parameters>
    SpikeWalk(const Parameters& p, void* const* arrays, const SpikePlan<Real>& plan, ScratchParts scratch)
        : plan_(plan), strides_(p.x), x_(static_cast<const Storage*>(arrays[0])), rule_(p, arrays, plan, scratch) {
        size_ = plan.most_inputs() * plan.row_size();
        staged_ = scratch.take<Real>(size_);
        counts_ = scratch.take<Real>(Rule::kCounts ? size_ : 0);
        row_offsets_ = scratch.take<Index>(plan.g.axes[1].kernel);
        row_positions_ = scratch.take<Index>(plan.g.axes[1].kernel);
        column_offsets_ = scratch.take<Index>(plan.g.axes[2].kernel);
        column_positions_ = scratch.take<Index>(plan.g.axes[2].kernel);
        needed_ = scratch.used();
    }

    size_t needed() const {
        return needed_;
    }

    void part(Index batch, Range channels, Range outputs) {
        batch_ = batch;
        channels_ = channels;
        inputs_ = plan_.inputs(outputs);
        clear();
        for_each_block(outputs, 0, [&](const SpikeBlock& block) { rule_.begin(block); });
        for (Index t = 0; t < plan_.g.axes[0].input; t++) {
            for (Index row = inputs_.begin; row < inputs_.end; row++) {
                stage(t, row);
            }
            for_each_block(outputs, t, [&](const SpikeBlock& block) { rule_.step(block, taps_); });
        }
    }

private:
    SpikePlan<Real> plan_;
    TensorStrides strides_;
    const Storage* x_;
    Rule rule_;
    Index size_;
    Real* staged_;
    Real* counts_;
    Index* row_offsets_;
    Index* row_positions_;
    Index* column_offsets_;
    Index* column_positions_;
    size_t needed_;
    Index batch_;
    Range channels_;
    Range inputs_;
    SpikeTaps<Real> taps_;

    // Units of the padding stay below all others.
    void clear() {
        const WindowAxis& w = plan_.g.axes[2];
        for (Index i = 0; i < size_; i++) {
            staged_[i] = 0;
        }
        for (Index i = 0; Rule::kCounts && i < size_; i++) {
            counts_[i] = plan_.along_channels ? Real(0) : Real(-1);
        }
        for (Index row = 0; Rule::kCounts && !plan_.along_channels && row < inputs_.size(); row++) {
            for (Index column = w.padding; column < minimum(plan_.columns, w.padding + w.input); column++) {
                counts_[row * plan_.row_size() + offset_of(column)] = 0;
            }
        }
    }

    // Of a column, counted from the padding's first.
    Index offset_of(Index column) const {
        Index stride = plan_.g.axes[2].stride;
        return column % stride * plan_.phase_size + column / stride;
    }

    void stage(Index t, Index row) {
        const Storage* source = x_ + element_offset(strides_, batch_, channels_.begin, t, row, 0);
        Index target = (row - inputs_.begin) * plan_.row_size();
        const WindowAxis& w = plan_.g.axes[2];
        if (plan_.along_channels) {
            for (Index column = 0; column < w.input; column++) {
                put(source + column * strides_.axes[2], strides_.channel, channels_.size(),
                    target + column * plan_.pitch);
            }
            return;
        }
        for (Index phase = 0; phase < plan_.phases; phase++) {
            Index begin = ceil_divide(maximum(0, w.padding - phase), w.stride);
            Index end = ceil_divide(minimum(plan_.columns, w.input + w.padding) - phase, w.stride);
            put(source + (phase + begin * w.stride - w.padding) * strides_.axes[2], w.stride * strides_.axes[2],
                end - begin, target + phase * plan_.phase_size + begin);
        }
    }

    // Lanes behind the last are 0 and change no count.
    void put(const Storage* source, Index step, Index count, Index target) {
        for (Index i = 0; i < count; i += kLanes) {
            int lanes = static_cast<int>(minimum(kLanes, count - i));
            Vector x = load_lanes<Vector>(source + i * step, step, lanes);
            store_lanes(staged_ + target + i, x);
            if (Rule::kCounts) {
                Real* counts = counts_ + target + i;
                store_lanes(counts, count_spike(load_lanes(counts), x));
            }
        }
    }

    template <class Body>
    void for_each_block(Range outputs, Index t, const Body& body) {
        const WindowGeometry& g = plan_.g;
        const WindowAxis& w = g.axes[2];
        SpikeBlock block = {batch_, channels_.begin, t, 0, 0, w.output, 0};
        taps_ = {staged_,         counts_,           0,       w.kernel, row_offsets_, row_positions_,
                 column_offsets_, column_positions_, w.stride};
        for (Index column = 0; column < w.kernel && !plan_.along_channels; column++) {
            column_offsets_[column] = offset_of(column * w.dilation);
            column_positions_[column] = column * w.dilation - w.padding;
        }
        for (block.height = outputs.begin; block.height < outputs.end; block.height++) {
            rows(block.height);
            if (!plan_.along_channels) {
                body(block);
                block.number++;
                continue;
            }
            block.lanes = channels_.size();
            for (block.width = 0; block.width < w.output; block.width++, block.number++) {
                columns(block.width);
                body(block);
            }
        }
    }

    void rows(Index output) {
        const WindowAxis& h = plan_.g.axes[1];
        Range valid = valid_taps(h, output);
        taps_.rows = valid.size();
        for (Index i = 0; i < valid.size(); i++) {
            Index row = window_start(h, output) + (valid.begin + i) * h.dilation;
            row_offsets_[i] = (row - inputs_.begin) * plan_.row_size();
            row_positions_[i] = row * plan_.g.axes[2].input;
        }
    }

    // Where lanes are channels.
    void columns(Index output) {
        const WindowAxis& w = plan_.g.axes[2];
        Range valid = valid_taps(w, output);
        taps_.columns = valid.size();
        taps_.lane_step = 0;
        for (Index i = 0; i < valid.size(); i++) {
            Index column = window_start(w, output) + (valid.begin + i) * w.dilation;
            column_offsets_[i] = column * plan_.pitch;
            column_positions_[i] = column;
        }
    }
};

template <class Storage, class Rule, class Parameters>
KernelStatus run_spikes(const Parameters& p, void* const* arrays) {
    typedef typename StorageTraits<Storage>::Real Real;
    const WindowGeometry& g = p.geometry;
    SpikePlan<Real> plan(g, p.x);
    size_t size = SpikeWalk<Storage, Rule>(p, arrays, plan, ScratchParts(nullptr)).needed();
    Index work = g.axes[0].input * plan.most_blocks() * plan.block_lanes() * g.axes[1].kernel * g.axes[2].kernel;
    bool out_of_memory = false;
    parallel_ranges(g.batch * plan.chunks() * plan.parts, work, [&](Index begin, Index end) {
        char* memory = static_cast<char*>(malloc(size));
        if (memory == nullptr) {
            out_of_memory = true;  // every thread writes the same value
            return;
        }
        SpikeWalk<Storage, Rule> walk(p, arrays, plan, ScratchParts(memory));
        for (Index item = begin; item < end; item++) {
            Index plane = item / plan.parts;
            Index channel = plane % plan.chunks() * plan.chunk;
            walk.part(plane / plan.chunks(), {channel, minimum(g.channels, channel + plan.chunk)},
                      plan.outputs(item % plan.parts));
        }
        free(memory);
    });
    return out_of_memory ? kOutOfMemory : kSuccess;
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
