// SPDX-License-Identifier: Apache-2.0
// Results of windows that are read where they lie: the largest element, with its place or alone.
#pragma once

#include "../kernels/cells.h"
#include "array_row.h"
#include "columns.h"
#include "wide_numbers.h"
#include "window_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// A maximum has no parts.
template <class Real>
struct NoShares {
    NoShares(const WindowGeometry&, const WindowOptions&) {}

    explicit operator bool() const {
        return true;
    }

    const Real* of_row(Index) const {
        return nullptr;
    }
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
    typedef LargestOfColumns<Storage> Columns;

    typedef NoShares<Scalar> Shares;

    // places: of each tap, in a window whose first tap is at 0.
    DirectMaxima(const Parameters& p, void* const* arrays, const Index* places)
        : places_(places), y_(p.strides[1], arrays[1]), index_(p.strides[2], arrays[2]) {}

    void begin_row(const Parameters& p, Index batch, Index channel, Index depth, Index height) {
        const WindowGeometry& g = p.geometry;
        y_.begin_row(batch, channel, depth, height);
        index_.begin_row(batch, channel, depth, height);
        first_ =
            (window_start(g.axes[0], depth) * g.axes[1].input + window_start(g.axes[1], height)) * g.axes[2].input -
            g.axes[2].padding;
        set_step(g.axes[2].stride);
    }

    void begin_column(const Parameters& p, Index output) {
        y_.begin_column(output);
        index_.begin_column(output);
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
        y_.put(output, lanes, largest.value);
        store_places(index_.at(output), first_ + output * step_, lanes, largest.place);
    }

    void begin_plane(Index batch, Index channel) {
        y_.begin_plane(batch, channel);
        index_.begin_plane(batch, channel);
    }

    POOLING_FUNCTION void begin_columns(const InputRows& rows, const Scalar*) {
        y_.begin_columns(rows);
        index_.begin_columns(rows);
        first_ = rows.place;
    }

    POOLING_FUNCTION void columns(const ColumnsOfRows<Storage>&, Index output, int lanes, const Columns& columns) {
        y_.put(output, lanes, columns.largest.value);
        store_positions(index_.at(output), index_.stride(), lanes, columns.largest.place, first_);
    }

    POOLING_FUNCTION void empty(Index output) {
        store(y_.at(output), Scalar(0));
        *index_.at(output) = -1;
    }

private:
    const Index* places_;
    ArrayRow<Storage> y_;
    ArrayRow<Index> index_;
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
        store_positions(target, index_.stride(), lanes, places + lane_places_, origin);
    }

    POOLING_FUNCTION void store_places(Index* target, Index origin, int, Place place) const {
        *target = origin + static_cast<Index>(place);
    }
};

// The largest element alone. Which of two zeros of different sign it is depends on the order.
template <class Operator, class Storage>
class DirectLargestValues {
    typedef typename StorageTraits<Storage>::Real Scalar;

public:
    static constexpr int kArrays = 3;
    typedef WindowParameters<kArrays> Parameters;
    typedef FoldedColumns<Storage, LargestValue> Columns;
    typedef NoShares<Scalar> Shares;

    DirectLargestValues(const Parameters& p, void* const* arrays, const Index*) : y_(p.strides[1], arrays[1]) {}

    void begin_row(const Parameters&, Index batch, Index channel, Index depth, Index height) {
        y_.begin_row(batch, channel, depth, height);
    }

    void begin_column(const Parameters&, Index output) {
        y_.begin_column(output);
    }

    template <class Window>
    POOLING_FUNCTION void window(Index output, int lanes, const Window& window) {
        typedef typename Window::Real Real;
        Real largest = LargestValue::of_none<Real>();
        window.for_each([&](Real x, Index) { largest = LargestValue::join(largest, x); });
        y_.put(output, lanes, largest);
    }

    void begin_plane(Index batch, Index channel) {
        y_.begin_plane(batch, channel);
    }

    POOLING_FUNCTION void begin_columns(const InputRows& rows, const Scalar*) {
        y_.begin_columns(rows);
    }

    POOLING_FUNCTION void columns(const ColumnsOfRows<Storage>&, Index output, int lanes, const Columns& columns) {
        y_.put(output, lanes, columns.value);
    }

    POOLING_FUNCTION void empty(Index output) {
        store(y_.at(output), Scalar(0));
    }

private:
    ArrayRow<Storage> y_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
