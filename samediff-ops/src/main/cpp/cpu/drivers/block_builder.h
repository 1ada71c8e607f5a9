// SPDX-License-Identifier: Apache-2.0
// Prepares blocks of windows: brings the rows of the input into vectors' reach, once each, and points every tap to its
// lanes.
#pragma once

#include "block_plan.h"
#include "philox_lanes.h"
#include "step_mask.h"
#include "../lane_shuffles.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Where the lanes of a block stand.
struct BlockPlace {
    Index batch;
    Index channel;  // of the first lane
    Index output[kAxes];
    Index lanes;
};

// The taps of a window's row: which row of the input they lie in, and where that begins in memory.
struct TapRow {
    Index depth;
    Index height;
    Index number;  // of the row's first tap in the whole window
    Index staged;
    Index offsets[1 + kMaximumElements];  // in the arrays
};

// One tap of a block: its row of the input, and where the first lane stands in it.
struct TapPlace {
    Index depth;
    Index height;
    Index width;   // of the first lane
    Index offset;  // in a staged row, where lanes are windows
};

template <class Storage>
class BlockBuilder {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

    // whole_vectors: whether lanes behind a block's last window must not be computed, where windows are lanes, but for
    // blocks that are shorter than a vector.
    BlockBuilder(const BlockArrays& arrays, const BlockPlan<Real>& plan, bool whole_vectors, ScratchParts& scratch)
        : a_(arrays), plan_(plan), maps_(1 + arrays.kernels.elements), whole_vectors_(whole_vectors) {
        const WindowGeometry& g = plan_.g;
        for (int a = 0; a < 2; a++) {
            span_[a] = minimum(g.axes[a].input, (g.axes[a].kernel - 1) * g.axes[a].dilation + 1);
        }
        Index taps = plan_.most_taps;
        tap_rows_ = scratch.take<TapRow>(span_[0] * span_[1]);
        windows_ = scratch.take<WindowTaps>(g.axes[2].output);
        columns_ = scratch.take<Index>(plan_.along_channels ? 0 : g.axes[2].input);
        if (scratch.has_memory()) {
            fill_tables();
        }
        places = scratch.take<TapPlace>(taps);
        numbers_ = scratch.take<Index>(taps);
        row_ = scratch.take<Index>(span_[0] * span_[1]);
        for (int m = 0; m < maps_; m++) {
            Index span = span_[0] * span_[1];
            by_taps_[m] = plan_.along_channels && (are_in_reach(m) || !plan_.stages_rows(span));
            staged_[m] = scratch.take<Real>(by_taps_[m] ? taps * plan_.pitch : span * plan_.row_size());
            taps_[m] = scratch.take<const Real*>(taps);
        }
        for (int i = 0; i < a_.kernels.parameters; i++) {
            parameters_[i] = scratch.take<Real>(block_lanes());
        }
        for (int i = 0; i < a_.kernels.masks; i++) {
            masks_[i] = scratch.take<Real>(taps * maximum(1, plan_.pitch));
        }
        block.kept = scratch.take<Real>(kKeptNumbers * taps * kLanes);
        steps_ = StepMask<Storage>(a_, scratch);
    }

    Index block_lanes() const {
        return plan_.along_channels ? plan_.pitch : kBlockLanes;
    }

    // Forgets the staged rows: another channel follows.
    void begin_item() {
        for (Index i = 0; i < span_[0] * span_[1]; i++) {
            row_[i] = -1;
        }
    }

    // Calls body(place) for the blocks of an output row, with `block` filled in for the forward pass, and
    // empty(place) for windows without elements.
    template <class Body, class Empty>
    void row(Index batch, Range channels, Index depth, Index height, const Body& body, const Empty& empty) {
        const WindowGeometry& g = plan_.g;
        const WindowAxis& w = g.axes[2];
        depth_taps_ = valid_taps(g.axes[0], depth);
        height_taps_ = valid_taps(g.axes[1], height);
        padded_rows_ = padded_taps(g.axes[0], depth) * padded_taps(g.axes[1], height);
        BlockPlace at = {batch, channels.begin, {depth, height, 0}, channels.size()};
        find_rows(at);
        if (a_.kernels.masked) {
            steps_.read(batch);
        }
        bool nothing = depth_taps_.size() == 0 || height_taps_.size() == 0;
        stage_rows(channels.size());
        if (plan_.along_channels || nothing) {
            for (Index output = 0; output < w.output; output++) {
                at.output[2] = output;
                one(at, nothing, body, empty);
            }
            return;
        }
        if (a_.kernels.masked) {
            steps_.for_each_run(interior_windows(w), [&](Range run, bool whole) { part(at, run, whole, body, empty); });
            return;
        }
        Range interior = interior_windows(w);
        part(at, {0, interior.begin}, false, body, empty);
        part(at, interior, true, body, empty);
        part(at, {interior.end, w.output}, false, body, empty);
    }

    // Where an input column stands in a staged row.
    Index column_offset(Index column) const {
        return columns_[column];
    }

    WindowBlock<Real> block;
    TapPlace* places;  // of the block's taps

    // From a tap to the same tap of the next lane, in elements of the spatial map.
    Index lane_step() const {
        return plan_.along_channels ? 0 : plan_.g.axes[2].stride;
    }

private:
    struct WindowTaps {
        Range valid;
        Index padded;
    };

    BlockArrays a_;
    BlockPlan<Real> plan_;
    int maps_;
    bool whole_vectors_;
    Index span_[2];
    Index* numbers_;
    Index* row_;  // in each place for a staged row, which one it is
    TapRow* tap_rows_;
    Index tap_row_count_ = 0;
    WindowTaps* windows_;  // of a row
    Index* columns_;       // their offsets in a staged row
    Real* staged_[1 + kMaximumElements];
    bool by_taps_[1 + kMaximumElements];  // a map is brought into reach tap by tap, not row by row
    const Real** taps_[1 + kMaximumElements];
    Real* parameters_[kMaximumFurther];
    Real* masks_[kMaximumFurther];
    Range depth_taps_;
    Range height_taps_;
    Index padded_rows_;
    StepMask<Storage> steps_;

    // Some windows of a row; whole: all their taps are elements, so that they can be computed together.
    template <class Body, class Empty>
    void part(BlockPlace& at, Range windows, bool whole, const Body& body, const Empty& empty) {
        at.lanes = 1;
        for (Index output = windows.begin; output < windows.end; output += at.lanes) {
            at.output[2] = output;
            if (!whole) {
                one(at, false, body, empty);
                continue;
            }
            Index rest = windows.end - output;
            at.lanes = minimum(kBlockLanes, whole_vectors_ && rest > kLanes ? rest / kLanes * kLanes : rest);
            prepare(at, {0, plan_.g.axes[2].kernel});
            body(at);
        }
    }

    template <class Body, class Empty>
    void one(const BlockPlace& at, bool nothing, const Body& body, const Empty& empty) {
        Range taps = windows_[at.output[2]].valid;
        if (nothing || taps.size() == 0 || (a_.kernels.masked && steps_.is_empty(at.output[2]))) {
            empty(at);
            return;
        }
        prepare(at, taps);
        body(at);
    }

    Index slot(Index depth, Index height) const {
        return depth % span_[0] * span_[1] + height % span_[1];
    }

    // What takes divisions is worked out once.
    void fill_tables() {
        const WindowAxis& w = plan_.g.axes[2];
        for (Index output = 0; output < w.output; output++) {
            windows_[output] = {valid_taps(w, output), padded_taps(w, output)};
        }
        for (Index column = 0; !plan_.along_channels && column < w.input; column++) {
            columns_[column] = column % w.stride * plan_.phase_size + column / w.stride;
        }
    }

    void find_rows(const BlockPlace& at) {
        const WindowGeometry& g = plan_.g;
        tap_row_count_ = 0;
        for (Index kd = depth_taps_.begin; kd < depth_taps_.end; kd++) {
            Index d = window_start(g.axes[0], at.output[0]) + kd * g.axes[0].dilation;
            for (Index kh = height_taps_.begin; kh < height_taps_.end; kh++) {
                Index h = window_start(g.axes[1], at.output[1]) + kh * g.axes[1].dilation;
                TapRow& row = tap_rows_[tap_row_count_++];
                row = {d, h, (kd * g.axes[1].kernel + kh) * g.axes[2].kernel, slot(d, h) * plan_.row_size(), {}};
                for (int m = 0; m < maps_; m++) {
                    row.offsets[m] = element_offset(a_.strides[m], at.batch, at.channel, d, h, 0);
                }
            }
        }
    }

    void stage_rows(Index channels) {
        for (Index i = 0; i < tap_row_count_; i++) {
            const TapRow& row = tap_rows_[i];
            Index place = row.staged / plan_.row_size();
            Index number = row.depth * plan_.g.axes[1].input + row.height;
            if (row_[place] != number) {
                row_[place] = number;
                for (int m = 0; m < maps_; m++) {
                    if (plan_.along_channels && !by_taps_[m]) {
                        stage_channels(m, row.offsets[m], channels, staged_[m] + row.staged);
                    } else if (!plan_.along_channels) {
                        stage_row(m, row.offsets[m], staged_[m] + row.staged);
                    }
                }
            }
        }
    }

    void stage_row(int map, Index offset, Real* target) const {
        const Storage* source = static_cast<const Storage*>(a_.addresses[map]) + offset;
        Index step = a_.strides[map].axes[2];
        Index columns = plan_.g.axes[2].input;
        Index stride = plan_.g.axes[2].stride;
        if (stride == 2 && step == 1) {
            Real* odd = target + plan_.phase_size;
            Index pairs = columns / 2;
            for (Index i = 0; i < pairs; i += kLanes) {
                LanePair<Vector> pair =
                    load_lane_pair<Vector>(source + 2 * i, static_cast<int>(minimum(kLanes, pairs - i)));
                store_lanes(target + i, pair.even);
                store_lanes(odd + i, pair.odd);
            }
            if (columns % 2 != 0) {
                target[pairs] = load(source + columns - 1);
            }
            return;
        }
        for (Index phase = 0; phase < plan_.phases; phase++) {
            Index count = ceil_divide(columns - phase, stride);
            const Storage* p = source + phase * step;
            for (Index i = 0; i < count; i += kLanes) {
                int lanes = static_cast<int>(minimum(kLanes, count - i));
                store_lanes(target + i, load_lanes<Vector>(p + i * stride * step, stride * step, lanes));
            }
            target += plan_.phase_size;
        }
    }

    // The channels of a row's columns.
    void stage_channels(int map, Index offset, Index channels, Real* target) const {
        const TensorStrides& s = a_.strides[map];
        const Storage* source = static_cast<const Storage*>(a_.addresses[map]) + offset;
        for (Index c = 0; c < channels; c += kLanes) {
            int lanes = static_cast<int>(minimum(kLanes, channels - c));
            for (Index w = 0; w < plan_.g.axes[2].input; w++) {
                store_lanes(target + w * plan_.pitch + c,
                            load_lanes<Vector>(source + c * s.channel + w * s.axes[2], s.channel, lanes));
            }
        }
    }

    // Whether a map's channels can be read where they are.
    bool are_in_reach(int map) const {
        return sizeof(Storage) == sizeof(Real) && a_.strides[map].channel == 1 && plan_.g.channels % kLanes == 0;
    }

    void prepare(const BlockPlace& at, Range width_taps) {
        const WindowAxis& w = plan_.g.axes[2];
        Index count = 0;
        for (Index i = 0; i < tap_row_count_; i++) {
            const TapRow& row = tap_rows_[i];
            Index column = window_start(w, at.output[2]) + width_taps.begin * w.dilation;
            for (Index kw = width_taps.begin; kw < width_taps.end; kw++, column += w.dilation, count++) {
                numbers_[count] = row.number + kw;
                Index offset = plan_.along_channels ? 0 : columns_[column];
                places[count] = {row.depth, row.height, column, offset};
                for (int m = 0; m < maps_; m++) {
                    taps_[m][count] = plan_.along_channels ? channel_tap(m, row, at.lanes, column, count)
                                                           : staged_[m] + row.staged + offset;
                }
            }
        }
        if (a_.kernels.masked && !steps_.is_whole(at.output[2])) {
            count = drop_masked(count);
        }
        block.options = &a_.header.options;
        block.lanes = static_cast<int>(round_up(at.lanes, kLanes));
        block.taps = count;
        block.kernel_taps = plan_.kernel_taps;
        block.padded_taps = padded_rows_ * windows_[at.output[2]].padded;
        block.tap_numbers = numbers_;
        for (int m = 0; m < maps_; m++) {
            block.elements[m] = taps_[m];
        }
        load_parameters(at);
        load_masks(at);
    }

    // Leaves the taps that are elements.
    Index drop_masked(Index count) {
        Index kept = 0;
        for (Index tap = 0; tap < count; tap++) {
            if (steps_.has(places[tap].width)) {
                numbers_[kept] = numbers_[tap];
                places[kept] = places[tap];
                for (int m = 0; m < maps_; m++) {
                    taps_[m][kept] = taps_[m][tap];
                }
                kept++;
            }
        }
        return kept;
    }

    const Real* channel_tap(int map, const TapRow& row, Index channels, Index column, Index tap) {
        if (!by_taps_[map]) {
            return staged_[map] + row.staged + column * plan_.pitch;
        }
        const TensorStrides& s = a_.strides[map];
        const Storage* source = static_cast<const Storage*>(a_.addresses[map]) + row.offsets[map] + column * s.axes[2];
        if constexpr (sizeof(Storage) == sizeof(Real)) {
            if (s.channel == 1 && channels % kLanes == 0) {
                return source;
            }
        }
        Real* target = staged_[map] + tap * plan_.pitch;
        for (Index i = 0; i < channels; i += kLanes) {
            int lanes = static_cast<int>(minimum(kLanes, channels - i));
            store_lanes(target + i, load_lanes<Vector>(source + i * s.channel, s.channel, lanes));
        }
        return target;
    }

    void load_parameters(const BlockPlace& at) {
        for (int i = 0; i < a_.kernels.parameters; i++) {
            const TensorStrides& s = a_.strides[a_.parameter(i)];
            const Storage* source = static_cast<const Storage*>(a_.addresses[a_.parameter(i)]);
            bool drawn = source == nullptr && i == a_.kernels.drawn;
            block.parameters[i] = source == nullptr && !drawn ? nullptr : parameters_[i];
            if (drawn) {
                draw(at, parameters_[i]);
            }
            if (source == nullptr) {
                continue;
            }
            source += element_offset(s, at.batch, at.channel, at.output[0], at.output[1], at.output[2]);
            Index step = plan_.along_channels ? s.channel : s.axes[2];
            for (Index lane = 0; lane < at.lanes; lane += kLanes) {
                int lanes = static_cast<int>(minimum(kLanes, at.lanes - lane));
                store_lanes(parameters_[i] + lane, step == 0 ? broadcast<Vector>(load(source))
                                                             : load_lanes<Vector>(source + lane * step, step, lanes));
            }
        }
    }

    // The counter is the output's place among all outputs in the order batch, channel, depth, height, width.
    void draw(const BlockPlace& at, Real* target) const {
        const WindowGeometry& g = plan_.g;
        Index index = at.batch * g.channels + at.channel;
        for (int axis = 0; axis < kAxes; axis++) {
            index = index * g.axes[axis].output + at.output[axis];
        }
        Index step = plan_.along_channels ? g.axes[0].output * g.axes[1].output * g.axes[2].output : 1;
        draw_uniform(static_cast<UInt64>(a_.header.options.words[0]), index, step, at.lanes, target);
    }

    void load_masks(const BlockPlace& at) {
        const WindowGeometry& g = plan_.g;
        for (int i = 0; i < a_.kernels.masks; i++) {
            const TensorStrides& s = a_.strides[a_.mask(i)];
            const Storage* source = static_cast<const Storage*>(a_.addresses[a_.mask(i)]) + at.channel * s.channel;
            bool own = plan_.along_channels && s.channel != 0;
            block.masks[i] = masks_[i];
            block.mask_steps[i] = own ? plan_.pitch : 1;
            for (Index tap = 0; tap < block.taps; tap++) {
                Index number = numbers_[tap];
                const Storage* p = source + number % g.axes[2].kernel * s.axes[2] +
                                   number / g.axes[2].kernel % g.axes[1].kernel * s.axes[1] +
                                   number / g.axes[2].kernel / g.axes[1].kernel * s.axes[0];
                if (!own) {
                    masks_[i][tap] = load(p);
                    continue;
                }
                for (Index lane = 0; lane < at.lanes; lane += kLanes) {
                    int lanes = static_cast<int>(minimum(kLanes, at.lanes - lane));
                    store_lanes(masks_[i] + tap * plan_.pitch + lane,
                                load_lanes<Vector>(p + lane * s.channel, s.channel, lanes));
                }
            }
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
