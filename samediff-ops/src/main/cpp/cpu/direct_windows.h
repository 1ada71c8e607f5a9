// SPDX-License-Identifier: Apache-2.0
// Forward pass of the maximum, the sum and the mean, whose arithmetic is so little that windows are read where they
// lie, without the preparation of blocks.
#pragma once

#include "../kernels/cells.h"
#include "adjacent_windows.h"
#include "chosen_elements.h"
#include "scratch.h"
#include "threads.h"
#include "window_block.h"
#include "window_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// What an operator's share of the elements depends on.
template <class Scalar>
struct TapCounts {
    typedef Scalar Element;
    Index inside;  // the map
    Index padded;  // inside the padded map

    POOLING_FUNCTION Index count() const {
        return inside;
    }

    POOLING_FUNCTION Index padded_count() const {
        return padded;
    }
};

// sum_i share * x_i.
template <class Operator, class Storage>
class DirectSums {
    typedef typename StorageTraits<Storage>::Real Scalar;

public:
    static constexpr int kArrays = 2;
    typedef WindowParameters<kArrays> Parameters;

    DirectSums(const Parameters& p, void* const* arrays, const Index*)
        : axis_(p.geometry.axes[2]), op_(p.options), y_(static_cast<Storage*>(arrays[1])) {}

    void begin_row(const Parameters& p, Index batch, Index channel, Index depth, Index height) {
        const WindowGeometry& g = p.geometry;
        row_ = y_ + element_offset(p.strides[1], batch, channel, depth, height, 0);
        padded_rows_ = padded_taps(g.axes[0], depth) * padded_taps(g.axes[1], height);
        stride_ = p.strides[1].axes[2];
        column_ = kLanesAreColumns;
    }

    // Lanes are the channels of a window.
    void begin_column(const Parameters& p, Index output) {
        stride_ = p.strides[1].channel;
        row_ += output == 0 ? 0 : p.strides[1].axes[2];
        column_ = output;
    }

    template <class Window>
    POOLING_FUNCTION void window(Index output, int lanes, const Window& window) {
        typedef typename Window::Real Real;
        Index padded = padded_rows_ * padded_taps(axis_, column_ == kLanesAreColumns ? output : column_);
        Scalar share = op_.share(TapCounts<Scalar>{window.count(), padded});
        Real sum = broadcast<Real>(0);
        window.for_each([&](Real x, Index) { sum += x * share; });
        store_lanes(row_ + output * stride_, stride_, lanes, sum);
    }

    POOLING_FUNCTION void empty(Index output) {
        store(row_ + output * stride_, Scalar(0));
    }

private:
    static constexpr Index kLanesAreColumns = -1;

    WindowAxis axis_;
    Operator op_;
    Storage* y_;
    Storage* row_ = nullptr;
    Index stride_ = 0;
    Index padded_rows_ = 0;
    Index column_ = kLanesAreColumns;
};

// The largest element and its place in the map.
template <class Operator, class Storage>
class DirectMaxima {
    typedef typename StorageTraits<Storage>::Real Scalar;
    typedef typename RealTraits<Scalar>::Bits Place;
    typedef typename LanesOf<Scalar>::Vector Vector;
    static constexpr int kLanes = lane_count<Vector>();
    typedef typename RealTraits<Vector>::Bits Places;

public:
    static constexpr int kArrays = 3;
    typedef WindowParameters<kArrays> Parameters;

    // places: of each tap, in a window whose first tap is at 0.
    DirectMaxima(const Parameters&, void* const* arrays, const Index* places)
        : places_(places), y_(static_cast<Storage*>(arrays[1])), index_(static_cast<Index*>(arrays[2])) {}

    void begin_row(const Parameters& p, Index batch, Index channel, Index depth, Index height) {
        const WindowGeometry& g = p.geometry;
        y_row_ = y_ + element_offset(p.strides[1], batch, channel, depth, height, 0);
        index_row_ = index_ + element_offset(p.strides[2], batch, channel, depth, height, 0);
        y_stride_ = p.strides[1].axes[2];
        index_stride_ = p.strides[2].axes[2];
        first_ =
            (window_start(g.axes[0], depth) * g.axes[1].input + window_start(g.axes[1], height)) * g.axes[2].input -
            g.axes[2].padding;
        set_step(g.axes[2].stride);
    }

    void begin_column(const Parameters& p, Index output) {
        y_row_ += output == 0 ? 0 : p.strides[1].axes[2];
        index_row_ += output == 0 ? 0 : p.strides[2].axes[2];
        y_stride_ = p.strides[1].channel;
        index_stride_ = p.strides[2].channel;
        first_ += output == 0 ? 0 : p.geometry.axes[2].stride;
        set_step(0);
    }

    template <class Window>
    POOLING_FUNCTION void window(Index output, int lanes, const Window& window) {
        typedef typename Window::Real Real;
        typedef typename RealTraits<Real>::Bits Bits;
        Largest<Real> largest = {};
        bool first = true;
        window.for_each([&](Real x, Index tap) {
            Bits place = Bits{} + static_cast<Place>(places_[tap]);
            if (first) {
                largest = {x, place};
                first = false;
            } else {
                largest.take(x, place);
            }
        });
        store_lanes(y_row_ + output * y_stride_, y_stride_, lanes, largest.value);
        store_places(index_row_ + output * index_stride_, first_ + output * step_, lanes, largest.place);
    }

    POOLING_FUNCTION void empty(Index output) {
        store(y_row_ + output * y_stride_, Scalar(0));
        index_row_[output * index_stride_] = -1;
    }

private:
    const Index* places_;
    Storage* y_;
    Index* index_;
    Storage* y_row_ = nullptr;
    Index* index_row_ = nullptr;
    Index y_stride_ = 0;
    Index index_stride_ = 0;
    Index first_ = 0;  // place of the first tap of output 0
    Index step_ = 0;   // to that of the next lane
    Places lane_places_ = {};

    void set_step(Index step) {
        if (step == step_) {
            return;
        }
        step_ = step;
        for (int lane = 0; lane < kLanes; lane++) {
            lane_places_[lane] = static_cast<Place>(lane * step);
        }
    }

    POOLING_FUNCTION void store_places(Index* target, Index origin, int lanes, Places places) const {
        store_positions(target, index_stride_, lanes, places + lane_places_, origin);
    }

    POOLING_FUNCTION void store_places(Index* target, Index origin, int, Place place) const {
        *target = origin + static_cast<Index>(place);
    }
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

    void along_rows(const Index* places) const {
        const WindowGeometry& g = p_.geometry;
        const TensorStrides& s = p_.strides[0];
        RowWalk<Storage> walk(g, s);
        Index rows = g.batch * g.channels * g.axes[0].output * g.axes[1].output;
        parallel_ranges(rows, g.axes[2].output * taps_per_window(g), [&](Index begin, Index end) {
            Results results(p_, arrays_, places);
            RowCursor at(g, g.channels, begin);
            for (Index i = begin; i < end; i++, at.next(g, g.channels)) {
                const Storage* map =
                    static_cast<const Storage*>(arrays_[0]) + at.batch * s.batch + at.channel * s.channel;
                results.begin_row(p_, at.batch, at.channel, at.depth, at.height);
                walk.visit(RowOfWindows<Storage>(g, s, map, at.depth, at.height), {0, g.axes[2].output}, results);
            }
        });
    }

    void along_channels(const Index* places) const {
        const WindowGeometry& g = p_.geometry;
        const TensorStrides& s = p_.strides[0];
        Index rows = g.batch * g.axes[0].output * g.axes[1].output;
        parallel_ranges(rows, g.axes[2].output * g.channels * taps_per_window(g), [&](Index begin, Index end) {
            Results results(p_, arrays_, places);
            RowCursor at(g, 1, begin);
            for (Index i = begin; i < end; i++, at.next(g, 1)) {
                const Storage* map = static_cast<const Storage*>(arrays_[0]) + at.batch * s.batch;
                RowOfWindows<Storage> row(g, s, map, at.depth, at.height);
                results.begin_row(p_, at.batch, 0, at.depth, at.height);
                for (Index output = 0; output < g.axes[2].output; output++) {
                    results.begin_column(p_, output);
                    visit_channels(row, g.axes[2], s.axes[2], output, {0, g.channels}, results);
                }
            }
        });
    }
};

// Kernels of an operator whose blocks take over where windows cannot be read directly.
template <template <class, class> class Results, class Operator>
struct DirectOperator : PlainBlocks<Operator> {
    template <class Storage>
    static KernelStatus forward(const void* parameters, void* const* arrays) {
        typedef Results<Operator, Storage> Result;
        typedef typename Result::Parameters Parameters;
        DirectWindows<Result, Storage> windows(*static_cast<const Parameters*>(parameters), arrays);
        return windows.applies() ? windows.run() : PlainBlocks<Operator>::template forward<Storage>(parameters, arrays);
    }

    template <class Storage>
    static KernelStatus backward(const void* parameters, void* const* arrays) {
        if constexpr (Operator::kHasIndex) {
            ChosenElements<Storage> chosen(parameters, arrays);
            if (chosen.applies()) {
                return chosen.run();
            }
        } else {
            const WindowParameters<3>& p = *static_cast<const WindowParameters<3>*>(parameters);
            if (try_adjacent_windows<SharedGradient<Operator>, Storage, 1, true>(p, p.strides, arrays)) {
                return kSuccess;
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
