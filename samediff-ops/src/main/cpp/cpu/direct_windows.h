// SPDX-License-Identifier: Apache-2.0
// Forward pass of the maximum, the sum and the mean, whose arithmetic is so little that windows are read where they
// lie, without the preparation of blocks.
#pragma once

#include "../kernels/cells.h"
#include "adjacent_windows.h"
#include "array_row.h"
#include "chosen_channels.h"
#include "chosen_elements.h"
#include "columns.h"
#include "direct_maxima.h"
#include "scratch.h"
#include "shared_gradient.h"
#include "threads.h"
#include "window_block.h"
#include "window_rows.h"
#include "window_shares.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// sum_i share * x_i.
template <class Operator, class Storage>
class DirectSums {
    typedef typename StorageTraits<Storage>::Real Scalar;

public:
    static constexpr int kArrays = 2;
    typedef WindowParameters<kArrays> Parameters;
    typedef FoldedColumns<Storage, Sum> Columns;

    typedef WindowShares<Operator, Scalar> Shares;

    DirectSums(const Parameters& p, void* const* arrays, const Index*)
        : axis_(p.geometry.axes[2]), op_(p.options), y_(p.strides[1], arrays[1]) {}

    void begin_row(const Parameters& p, Index batch, Index channel, Index depth, Index height) {
        const WindowGeometry& g = p.geometry;
        y_.begin_row(batch, channel, depth, height);
        padded_rows_ = padded_taps(g.axes[0], depth) * padded_taps(g.axes[1], height);
        column_ = kLanesAreColumns;
    }

    // Lanes are the channels of a window.
    void begin_column(const Parameters&, Index output) {
        y_.begin_column(output);
        column_ = output;
    }

    template <class Window>
    POOLING_FUNCTION void window(Index output, int lanes, const Window& window) {
        typedef typename Window::Real Real;
        Index padded = padded_rows_ * padded_taps(axis_, column_ == kLanesAreColumns ? output : column_);
        Scalar share = op_.share(TapCounts<Scalar>{window.count(), padded});
        Real sum = broadcast<Real>(0);
        window.for_each([&](Real x, Index) { sum += x * share; });
        y_.put(output, lanes, sum);
    }

    void begin_plane(Index batch, Index channel) {
        y_.begin_plane(batch, channel);
    }

    POOLING_FUNCTION void begin_columns(const InputRows& rows, const Scalar* shares) {
        y_.begin_columns(rows);
        shares_ = shares;
    }

    POOLING_FUNCTION void columns(const ColumnsOfRows<Storage>& elements, Index output, int lanes,
                                  const Columns& columns) {
        y_.put(output, lanes, elements.means(axis_, output, lanes, columns.value, shares_));
    }

    POOLING_FUNCTION void empty(Index output) {
        store(y_.at(output), Scalar(0));
    }

private:
    static constexpr Index kLanesAreColumns = -1;

    WindowAxis axis_;
    Operator op_;
    ArrayRow<Storage> y_;
    Index padded_rows_ = 0;
    Index column_ = kLanesAreColumns;
    const Scalar* shares_ = nullptr;
};

// Every element of a window inside the map gets the same share of its gradient.
template <class Operator>
class SharedGradient {
public:
    explicit SharedGradient(const WindowOptions& options) : op_(options) {}

    template <int Taps, class Real>
    POOLING_FUNCTION void window_gradients(const Real*, Real gradient, Real* out) const {
        Real shared = gradient * op_.share(TapCounts<typename RealTraits<Real>::Element>{Taps, Taps});
        unrolled<Taps>([&](int i) { out[i] = shared; });
    }

private:
    Operator op_;
};

template <class Results, class Storage>
class DirectWindows {
    typedef typename Results::Parameters Parameters;
    static constexpr Index kLanes = lane_count<typename LanesOf<typename StorageTraits<Storage>::Real>::Vector>();

public:
    DirectWindows(const Parameters& p, void* const* arrays)
        : p_(p), arrays_(arrays), along_channels_(channels_last(p.geometry, p.strides[0])) {}

    // Short rows fill a vector with channels, which are brought side by side first; places of taps have 32 bits.
    bool applies() const {
        const WindowGeometry& g = p_.geometry;
        constexpr Index kMostPlace = 1LL << 30;
        return (along_channels_ || 2 * interior_windows(g.axes[2]).size() >= kLanes) &&
               tap_place(taps_per_window(g) - 1) < kMostPlace && kLanes * g.axes[2].stride < kMostPlace;
    }

    KernelStatus run() const {
        const WindowGeometry& g = p_.geometry;
        if (!along_channels_ && p_.strides[0].axes[2] == 1 && are_windows_of_columns(g)) {
            return with_stride_and_taps(
                g.axes[2], [&](auto stride, auto taps) { return along_columns<stride.value, taps.value>(); });
        }
        Index taps = taps_per_window(g);
        Scratch<Index> places(taps);
        if (!places) {
            return kOutOfMemory;
        }
        for (Index tap = 0; tap < taps; tap++) {
            places.get()[tap] = tap_place(tap);
        }
        if (along_channels_) {
            along_channels(places.get());
        } else {
            along_rows(places.get());
        }
        return kSuccess;
    }

private:
    const Parameters& p_;
    void* const* arrays_;
    bool along_channels_;

    Index tap_place(Index tap) const {
        const WindowGeometry& g = p_.geometry;
        Index column = tap % g.axes[2].kernel * g.axes[2].dilation;
        Index row = tap / g.axes[2].kernel % g.axes[1].kernel * g.axes[1].dilation;
        Index slice = tap / g.axes[2].kernel / g.axes[1].kernel * g.axes[0].dilation;
        return (slice * g.axes[1].input + row) * g.axes[2].input + column;
    }

    // Calls function(results, place) for rows of outputs, all channels at once or one.
    template <class Function>
    void for_each_row(Index channels, const Index* places, const Function& function) const {
        const WindowGeometry& g = p_.geometry;
        Index rows = g.batch * channels * g.axes[0].output * g.axes[1].output;
        Index work = g.axes[2].output * (g.channels / channels) * taps_per_window(g);
        parallel_ranges(rows, work, [&](Index begin, Index end) {
            Results results(p_, arrays_, places);
            RowCursor at(g, channels, begin);
            for (Index i = begin; i < end; i++, at.next(g, channels)) {
                function(results, at);
            }
        });
    }

    const Storage* map(const RowCursor& at) const {
        return static_cast<const Storage*>(arrays_[0]) + at.batch * p_.strides[0].batch +
               at.channel * p_.strides[0].channel;
    }

    void along_rows(const Index* places) const {
        const WindowGeometry& g = p_.geometry;
        RowWalk<Storage> walk(g, p_.strides[0]);
        for_each_row(g.channels, places, [&](Results& results, const RowCursor& at) {
            results.begin_row(p_, at.batch, at.channel, at.depth, at.height);
            RowOfWindows<Storage> row(g, p_.strides[0], map(at), at.depth, at.height);
            walk.visit(row, {0, g.axes[2].output}, results);
        });
    }

    template <int Stride, int Taps>
    KernelStatus along_columns() const {
        const WindowGeometry& g = p_.geometry;
        PlaneInputRows plane(g, p_.strides[0]);
        typename Results::Shares shares(g, p_.options);
        if (!plane || !shares) {
            return kOutOfMemory;
        }
        Index rows = plane.count();
        parallel_ranges(g.batch * g.channels * rows, g.axes[2].output * taps_per_window(g),
                        [&](Index begin, Index end) {
                            Results results(p_, arrays_, nullptr);
                            for (Index i = begin; i < end;) {
                                Index channel = i / rows % g.channels;
                                Index batch = i / rows / g.channels;
                                const Storage* map = static_cast<const Storage*>(arrays_[0]) +
                                                     batch * p_.strides[0].batch + channel * p_.strides[0].channel;
                                results.begin_plane(batch, channel);
                                for (Index row = i % rows; row < rows && i < end; row++, i++) {
                                    results.begin_columns(plane.row(row), shares.of_row(row));
                                    columns<Stride, Taps>({map, plane.row(row), g.axes[2].input}, results);
                                }
                            }
                        });
        return kSuccess;
    }

    template <int Stride, int Taps>
    void columns(const ColumnsOfRows<Storage>& elements, Results& results) const {
        typedef typename Results::Columns Columns;
        const WindowAxis& axis = p_.geometry.axes[2];
        if (elements.rows.count == 0) {
            for (Index output = 0; output < axis.output; output++) {
                results.empty(output);
            }
            return;
        }
        for_each_window_of_columns<Columns, Stride, Taps>(
            axis, elements, [&](Index output, int lanes, const Columns& columns) POOLING_INLINE_LAMBDA {
                results.columns(elements, output, lanes, columns);
            });
    }

    void along_channels(const Index* places) const {
        const WindowGeometry& g = p_.geometry;
        const TensorStrides& s = p_.strides[0];
        for_each_row(1, places, [&](Results& results, const RowCursor& at) {
            results.begin_row(p_, at.batch, at.channel, at.depth, at.height);
            RowOfWindows<Storage> row(g, s, map(at), at.depth, at.height);
            for (Index output = 0; output < g.axes[2].output; output++) {
                results.begin_column(p_, output);
                visit_channels(row, g.axes[2], s.axes[2], output, {0, g.channels}, results);
            }
        });
    }
};

// Blocks take over where windows cannot be read directly.
template <class Results, class Operator, class Storage>
KernelStatus forward_directly(const void* parameters, void* const* arrays) {
    typedef typename Results::Parameters Parameters;
    DirectWindows<Results, Storage> windows(*static_cast<const Parameters*>(parameters), arrays);
    return windows.applies() ? windows.run() : PlainBlocks<Operator>::template forward<Storage>(parameters, arrays);
}

template <template <class, class> class Results, class Operator>
struct DirectOperator : PlainBlocks<Operator> {
    template <class Storage>
    static KernelStatus forward(const void* parameters, void* const* arrays) {
        if constexpr (Operator::kHasIndex) {
            if (arrays[2] == nullptr) {
                return forward_directly<DirectLargestValues<Operator, Storage>, Operator, Storage>(parameters, arrays);
            }
        }
        return forward_directly<Results<Operator, Storage>, Operator, Storage>(parameters, arrays);
    }

    template <class Storage>
    static KernelStatus backward(const void* parameters, void* const* arrays) {
        if constexpr (Operator::kHasIndex) {
            ChosenElements<Storage> chosen(parameters, arrays);
            if (chosen.applies()) {
                return chosen.run();
            }
            ChosenChannels<Storage> channels(parameters, arrays);
            if (channels.applies() && channels.run()) {
                return kSuccess;
            }
        } else {
            const WindowParameters<3>& p = *static_cast<const WindowParameters<3>*>(parameters);
            if (try_adjacent_windows<SharedGradient<Operator>, Storage, 1, true>(p, p.strides, arrays)) {
                return kSuccess;
            }
            OverlappingSharedGradient<Operator, Storage> overlapping(p, arrays);
            if (overlapping.applies()) {
                return overlapping.run();
            }
        }
        return PlainBlocks<Operator>::template backward<Storage>(parameters, arrays);
    }
};

template <class Operator>
using DirectSumKernels = DirectOperator<DirectSums, Operator>;

template <class Operator>
using DirectMaximumKernels = DirectOperator<DirectMaxima, Operator>;

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
