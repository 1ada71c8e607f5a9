// SPDX-License-Identifier: Apache-2.0
// Results of windows that are read where they lie: the largest element, with its place or alone.
#pragma once

#include "../kernels/cells.h"
#include "columns.h"
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

    void begin_plane(const Parameters& p, Index batch, Index channel) {
        y_plane_ = y_ + element_offset(p.strides[1], batch, channel, 0, 0, 0);
        index_plane_ = index_ + element_offset(p.strides[2], batch, channel, 0, 0, 0);
        y_stride_ = p.strides[1].axes[2];
        index_stride_ = p.strides[2].axes[2];
    }

    POOLING_FUNCTION void begin_columns(const Parameters& p, const InputRows& rows, const Scalar*) {
        y_row_ = y_plane_ + rows.depth * p.strides[1].axes[0] + rows.height * p.strides[1].axes[1];
        first_ = rows.place;
        index_row_ = index_plane_ + rows.depth * p.strides[2].axes[0] + rows.height * p.strides[2].axes[1];
    }

    POOLING_FUNCTION void columns(const ColumnsOfRows<Storage>&, Index output, int lanes, const Columns& columns) {
        store_lanes(y_row_ + output * y_stride_, y_stride_, lanes, columns.largest.value);
        store_positions(index_row_ + output * index_stride_, index_stride_, lanes, columns.largest.place, first_);
    }

    POOLING_FUNCTION void empty(Index output) {
        store(y_row_ + output * y_stride_, Scalar(0));
        index_row_[output * index_stride_] = -1;
    }

private:
    const Index* places_;
    Storage* y_;
    Index* index_;
    Storage* y_plane_ = nullptr;
    Index* index_plane_ = nullptr;
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

// The largest element alone. Which of two zeros of different sign it is depends on the order.
template <class Operator, class Storage>
class DirectLargestValues {
    typedef typename StorageTraits<Storage>::Real Scalar;

public:
    static constexpr int kArrays = 3;
    typedef WindowParameters<kArrays> Parameters;
    typedef FoldedColumns<Storage, LargestValue> Columns;
    typedef NoShares<Scalar> Shares;

    DirectLargestValues(const Parameters&, void* const* arrays, const Index*) : y_(static_cast<Storage*>(arrays[1])) {}

    void begin_row(const Parameters& p, Index batch, Index channel, Index depth, Index height) {
        row_ = y_ + element_offset(p.strides[1], batch, channel, depth, height, 0);
        stride_ = p.strides[1].axes[2];
    }

    void begin_column(const Parameters& p, Index output) {
        row_ += output == 0 ? 0 : p.strides[1].axes[2];
        stride_ = p.strides[1].channel;
    }

    template <class Window>
    POOLING_FUNCTION void window(Index output, int lanes, const Window& window) {
        typedef typename Window::Real Real;
        Real largest = LargestValue::of_none<Real>();
        window.for_each([&](Real x, Index) { largest = LargestValue::join(largest, x); });
        store_lanes(row_ + output * stride_, stride_, lanes, largest);
    }

    void begin_plane(const Parameters& p, Index batch, Index channel) {
        plane_ = y_ + element_offset(p.strides[1], batch, channel, 0, 0, 0);
        stride_ = p.strides[1].axes[2];
    }

    POOLING_FUNCTION void begin_columns(const Parameters& p, const InputRows& rows, const Scalar*) {
        row_ = plane_ + rows.depth * p.strides[1].axes[0] + rows.height * p.strides[1].axes[1];
    }

    POOLING_FUNCTION void columns(const ColumnsOfRows<Storage>&, Index output, int lanes, const Columns& columns) {
        store_lanes(row_ + output * stride_, stride_, lanes, columns.value);
    }

    POOLING_FUNCTION void empty(Index output) {
        store(row_ + output * stride_, Scalar(0));
    }

private:
    Storage* y_;
    Storage* plane_ = nullptr;
    Storage* row_ = nullptr;
    Index stride_ = 0;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
