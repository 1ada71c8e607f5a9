// SPDX-License-Identifier: Apache-2.0
// Mixed pooling, whose maxima and means are those of direct_windows.h: a window's largest element and its sum come from
// the same columns.
#pragma once

#include <string.h>

#include "../kernels/average_pool.h"
#include "array_row.h"
#include "chosen_elements.h"
#include "columns.h"
#include "direct_maxima.h"
#include "numbers_of_windows.h"
#include "planes.h"
#include "scratch.h"
#include "threads.h"
#include "window_shares.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Largest: LargestOfColumns, or a fold for the value alone.
template <class Storage, class Largest>
using MixedColumns = PairedColumns<Largest, FoldedColumns<Storage, Sum>>;

// Lanes of a parameter, which windows may share.
template <class Real, class Storage>
POOLING_FUNCTION Real load_shared_lanes(const Storage* p, Index stride, int lanes) {
    return stride == 0 ? broadcast<Real>(load(p)) : load_lanes<Real>(p, stride, lanes);
}

// Arrays: x, a, y.
template <class Storage>
class DirectMixed {
    typedef typename StorageTraits<Storage>::Real Scalar;

public:
    static constexpr int kArrays = 3;
    typedef WindowParameters<kArrays> Parameters;
    typedef MixedColumns<Storage, FoldedColumns<Storage, LargestValue>> Columns;
    typedef WindowShares<AveragePool, Scalar> Shares;

    DirectMixed(const Parameters& p, void* const* arrays, const Index*)
        : axis_(p.geometry.axes[2]), a_(p.strides[1], arrays[1]), y_(p.strides[2], arrays[2]) {}

    void begin_row(const Parameters&, Index batch, Index channel, Index depth, Index height) {
        a_.begin_row(batch, channel, depth, height);
        y_.begin_row(batch, channel, depth, height);
    }

    void begin_column(const Parameters&, Index output) {
        a_.begin_column(output);
        y_.begin_column(output);
    }

    template <class Window>
    POOLING_FUNCTION void window(Index output, int lanes, const Window& window) {
        typedef typename Window::Real Real;
        Scalar share = reciprocal<Scalar>(window.count());
        Real largest = LargestValue::of_none<Real>();
        Real mean = broadcast<Real>(0);
        window.for_each([&](Real x, Index) {
            largest = LargestValue::join(largest, x);
            mean += x * share;
        });
        put(output, lanes, largest, mean);
    }

    void begin_plane(Index batch, Index channel) {
        a_.begin_plane(batch, channel);
        y_.begin_plane(batch, channel);
    }

    POOLING_FUNCTION void begin_columns(const InputRows& rows, const Scalar* shares) {
        a_.begin_columns(rows);
        y_.begin_columns(rows);
        shares_ = shares;
    }

    POOLING_FUNCTION void columns(const ColumnsOfRows<Storage>& elements, Index output, int lanes,
                                  const Columns& columns) {
        put(output, lanes, columns.first.value, elements.means(axis_, output, lanes, columns.second.value, shares_));
    }

    POOLING_FUNCTION void empty(Index output) {
        store(y_.at(output), Scalar(0));
    }

private:
    WindowAxis axis_;
    ArrayRow<const Storage> a_;
    ArrayRow<Storage> y_;
    const Scalar* shares_ = nullptr;

    template <class Real>
    POOLING_FUNCTION void put(Index output, int lanes, Real largest, Real mean) const {
        Real a = load_shared_lanes<Real>(a_.at(output), a_.stride(), lanes);
        y_.put(output, lanes, a * largest + (Scalar(1) - a) * mean);
    }
};

// Arrays: x, a, gradient of y, gradients of x and a.
template <class Storage>
class MixedGradient {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

public:
    typedef WindowParameters<5> Parameters;

    MixedGradient(const void* parameters, void* const* arrays)
        : p_(*static_cast<const Parameters*>(parameters)),
          g_(p_.geometry),
          axis_(p_.geometry.axes[2]),
          x_(static_cast<const Storage*>(arrays[0])),
          a_(static_cast<const Storage*>(arrays[1])),
          y_gradient_(static_cast<const Storage*>(arrays[2])),
          x_gradient_(static_cast<Storage*>(arrays[3])),
          a_gradient_(static_cast<Storage*>(arrays[4])) {}

    // A plane is the work of one thread; of a, planes have one value each, or share it.
    bool applies() const {
        return p_.strides[0].axes[2] == 1 && are_windows_of_columns(g_) && planes() >= kLeastPlanes && a_ != nullptr &&
               is_of_planes(p_);
    }

    KernelStatus run() const {
        return with_stride_and_taps(axis_,
                                    [&](auto stride, auto taps) { return run_planes<stride.value, taps.value>(); });
    }

private:
    typedef MixedColumns<Storage, LargestOfColumns<Storage>> Columns;

    const Parameters& p_;
    const WindowGeometry& g_;
    const WindowAxis& axis_;
    const Storage* x_;
    const Storage* a_;
    const Storage* y_gradient_;
    Storage* x_gradient_;
    Storage* a_gradient_;

    Index planes() const {
        return g_.batch * g_.channels;
    }

    template <int Stride, int Taps>
    KernelStatus run_planes() const {
        PlaneInputRows rows(g_, p_.strides[0]);
        WindowShares<AveragePool, Real> shares(g_, p_.options);
        Scratch<double> by_a(planes());
        if (!rows || !shares || !by_a) {
            return kOutOfMemory;
        }
        Index elements = g_.axes[0].input * g_.axes[1].input * axis_.input;
        bool out_of_memory = false;
        parallel_ranges(planes(), elements + rows.count() * axis_.output, [&](Index begin, Index end) {
            Scratch<Real> sums(elements);
            NumbersOfWindows<Real> to_all(axis_);
            if (!sums || !to_all) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            for (Index plane = begin; plane < end; plane++) {
                memset(sums.get(), 0, static_cast<size_t>(elements) * sizeof(Real));
                double sum = 0;
                for (Index row = 0; row < rows.count(); row++) {
                    if (rows.row(row).count > 0) {
                        sum += add_row<Stride, Taps>(plane, rows.row(row), shares.of_row(row), sums.get(), to_all);
                    }
                }
                by_a.get()[plane] = sum;
                store_plane(g_, p_.strides[3], plane, sums.get(), x_gradient_);
            }
        });
        if (!out_of_memory && a_gradient_ != nullptr) {
            store_sums_of_planes(p_, by_a.get(), a_gradient_, p_.strides[4]);
        }
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    // One row of windows. The gradient of a.
    template <int Stride, int Taps>
    double add_row(Index plane, const InputRows& rows, const Real* shares, Real* sums,
                   NumbersOfWindows<Real>& to_all) const {
        Index batch = plane / g_.channels;
        Index channel = plane % g_.channels;
        const Storage* map = x_ + element_offset(p_.strides[0], batch, channel, 0, 0, 0);
        const Storage* gradient =
            y_gradient_ + element_offset(p_.strides[2], batch, channel, rows.depth, rows.height, 0);
        const Vector a = broadcast<Vector>(load(a_ + element_offset(p_.strides[1], batch, channel, 0, 0, 0)));
        Index step = p_.strides[2].axes[2];
        Real* chosen = sums + rows.place;
        ColumnsOfRows<Storage> elements(map, rows, axis_.input);
        double by_a = 0;
        for_each_window_of_columns<Columns, Stride, Taps>(
            axis_, elements, [&](Index window, int lanes, const Columns& columns) POOLING_INLINE_LAMBDA {
                Vector g = load_lanes<Vector>(gradient + window * step, step, lanes);
                Vector mean = elements.means(axis_, window, lanes, columns.second.value, shares);
                Vector to_chosen = g * a;
                Vector difference = g * (columns.first.largest.value - mean);
                to_all.set(window, lanes, g * (Real(1) - a) * load_lanes(shares + window));
                for (int lane = 0; lane < lanes; lane++) {
                    chosen[columns.first.largest.place[lane]] += to_chosen[lane];
                    by_a += static_cast<double>(difference[lane]);
                }
            });
        to_all.template add_to_rows<Stride>(rows, sums);
        return by_a;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
