// SPDX-License-Identifier: Apache-2.0
// Power-average pooling over windows of columns (columns.h) whose plane has one power p: the power of an element is
// worked out once, for a vector of neighbours, not for each window that it lies in:
//     t = |x|^p,  m = mean t,  y = m^(1/p),  dy/dx = t / x * sum over the windows of an element of y / (N m)
//     dy/dp = y (sum t ln|x| / (N m p) - ln m / p^2)
// Planes with powers too large or too small for that go the way of power_mean.h.
#pragma once

#include <string.h>

#include "../kernels/average_pool.h"
#include "../kernels/power_mean.h"
#include "chosen_elements.h"
#include "columns.h"
#include "numbers_of_windows.h"
#include "planes.h"
#include "scratch.h"
#include "threads.h"
#include "window_shares.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Arrays: x, p, y; or x, p, gradient of y, gradients of x and p.
template <class Storage, int Arrays>
class PowerPlanes {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    typedef ColumnsOfRows<Real> Rows;  // of powers, and of their products with ln|x|
    typedef FoldedColumns<Real, Sum> Total;

public:
    typedef WindowParameters<Arrays> Parameters;
    static constexpr bool kIsGradient = Arrays == 5;

    PowerPlanes(const void* parameters, void* const* arrays)
        : p_(*static_cast<const Parameters*>(parameters)),
          g_(p_.geometry),
          axis_(p_.geometry.axes[2]),
          arrays_(arrays) {}

    bool applies() const {
        return p_.strides[0].axes[2] == 1 && are_windows_of_columns(g_) && planes() >= kLeastPlanes &&
               arrays_[1] != nullptr && is_of_planes(p_);
    }

    // other: the kernel for planes by themselves.
    KernelStatus run(Kernel other) const {
        return with_stride_and_taps(
            axis_, [&](auto stride, auto taps) { return run_planes<stride.value, taps.value>(other); });
    }

private:
    // Of logarithms of powers: their sums are normal numbers, and exact to a few units in the last place.
    static constexpr Real kMost = 40;
    static constexpr Real kLeast = -80;

    // Memory of a thread, for the elements of a plane; sums: what the windows give to an element.
    struct Plane {
        Index number;
        Real power;
        Real* powers;
        Real* products;
        Real* sums;
    };

    const Parameters& p_;
    const WindowGeometry& g_;
    const WindowAxis& axis_;
    void* const* arrays_;

    Index planes() const {
        return g_.batch * g_.channels;
    }

    Index elements() const {
        return g_.axes[0].input * g_.axes[1].input * axis_.input;
    }

    template <class Pointer = const Storage*>
    Pointer row(int array, Index plane, Index depth, Index height) const {
        return static_cast<Pointer>(arrays_[array]) +
               element_offset(p_.strides[array], plane / g_.channels, plane % g_.channels, depth, height, 0);
    }

    // function(depth, height, place of the first element) for the rows of a plane of the input.
    template <class Function>
    void for_each_row(const Function& function) const {
        Index place = 0;
        for (Index depth = 0; depth < g_.axes[0].input; depth++) {
            for (Index height = 0; height < g_.axes[1].input; height++, place += axis_.input) {
                function(depth, height, place);
            }
        }
    }

    TensorStrides dense() const {
        return {0, 0, {g_.axes[1].input * axis_.input, axis_.input, 1}};
    }

    template <int Stride, int Taps>
    KernelStatus run_planes(Kernel other) const {
        PlaneInputRows rows(g_, dense());
        WindowShares<AveragePool, Real> shares(g_, WindowOptions{});
        Scratch<double> by_power(kIsGradient ? planes() : 1);
        if (!rows || !shares || !by_power) {
            return kOutOfMemory;
        }
        KernelStatus status = kSuccess;
        parallel_ranges(planes(), 4 * elements(), [&](Index begin, Index end) {
            Scratch<Real> memory((kIsGradient ? 3 : 1) * elements());
            NumbersOfWindows<Real> to_all(axis_);
            if (!memory || !to_all) {
                status = kOutOfMemory;  // every thread writes the same value
                return;
            }
            for (Index i = begin; i < end; i++) {
                Real power = load(row(1, i, 0, 0));
                Real least = least_power<Real>();
                Plane plane = {i, power < least ? least : power, memory.get(), memory.get() + elements(),
                               memory.get() + 2 * elements()};
                double by_p = 0;
                if (!fill(plane)) {
                    if (by_itself(i, other, by_p) != kSuccess) {
                        status = kOutOfMemory;
                    }
                } else if constexpr (kIsGradient) {
                    by_p = gradient<Stride, Taps>(plane, rows, shares, to_all);
                    by_p = power < least ? 0 : by_p;
                } else {
                    forward<Stride, Taps>(plane, rows, shares);
                }
                if constexpr (kIsGradient) {
                    by_power.get()[i] = by_p;
                }
            }
        });
        if constexpr (kIsGradient) {
            if (status == kSuccess && arrays_[4] != nullptr) {
                store_sums_of_planes(p_, by_power.get(), static_cast<Storage*>(arrays_[4]), p_.strides[4]);
            }
        }
        return status;
    }

    // A plane the other way.
    KernelStatus by_itself(Index plane, Kernel other, double& by_power) const {
        Parameters parameters = p_;
        Storage of_plane;
        store(&of_plane, Real(0));
        void* arrays[Arrays];
        for (int i = 0; i < Arrays; i++) {
            arrays[i] = arrays_[i];
        }
        if constexpr (kIsGradient) {
            parameters.kept_axes[0] = 0;
            parameters.strides[4] = {};
            arrays[4] = arrays_[4] == nullptr ? nullptr : &of_plane;
        }
        Index channel = plane % g_.channels;
        KernelStatus status = on_planes<Storage, Arrays>(parameters, parameters.strides, arrays, plane / g_.channels,
                                                         {channel, channel + 1}, other);
        by_power = static_cast<double>(load(&of_plane));
        return status;
    }

    // False where a power is too large or too small.
    bool fill(const Plane& plane) const {
        auto outside = Vector{} != Vector{};
        for_each_row([&](Index depth, Index height, Index place) {
            const Storage* x = row(0, plane.number, depth, height);
            for_each_vector<Vector>(axis_.input, [&](Index column, int lanes) POOLING_INLINE_LAMBDA {
                Vector base = absolute(load_lanes<Vector>(x + column, 1, lanes));
                Vector log_base = logarithm(base);
                Vector log_power = log_base * plane.power;
                auto nothing = base == Real(0);
                outside |= (nothing == 0) &
                           ((log_power > kMost) | (log_power < kLeast) | (base > FloatFormat<Real>::kLargest));
                Vector power = nothing ? broadcast<Vector>(0) : exponential_of_nonpositive(log_power);
                store_lanes(plane.powers + place + column, 1, lanes, power);
                if constexpr (kIsGradient) {
                    Vector product = nothing ? broadcast<Vector>(0) : power * log_base;
                    store_lanes(plane.products + place + column, 1, lanes, product);
                }
            });
        });
        return !any_lane(outside);
    }

    template <int Stride, int Taps>
    void forward(const Plane& plane, const PlaneInputRows& rows, const WindowShares<AveragePool, Real>& shares) const {
        Index step = p_.strides[2].axes[2];
        for (Index i = 0; i < rows.count(); i++) {
            const InputRows& over = rows.row(i);
            Storage* y = row<Storage*>(2, plane.number, over.depth, over.height);
            if (over.count == 0) {
                for (Index window = 0; window < axis_.output; window++) {
                    store(y + window * step, Real(0));
                }
                continue;
            }
            const Real* share = shares.of_row(i);
            for_each_window_of_columns<Total, Stride, Taps>(
                axis_, Rows(plane.powers, over, axis_.input),
                [&](Index window, int lanes, const Total& total) POOLING_INLINE_LAMBDA {
                    Vector mean = total.value * load_lanes(share + window);
                    store_lanes(y + window * step, step, lanes, root(mean, logarithm(mean), plane.power));
                });
        }
    }

    POOLING_FUNCTION static Vector root(Vector mean, Vector log_mean, Real power) {
        return mean == Real(0) ? mean : exponential(log_mean / power);
    }

    // Of the power, of which the windows have less than the least one no gradient.
    template <int Stride, int Taps>
    double gradient(const Plane& plane, const PlaneInputRows& rows, const WindowShares<AveragePool, Real>& shares,
                    NumbersOfWindows<Real>& to_all) const {
        memset(plane.sums, 0, static_cast<size_t>(elements()) * sizeof(Real));
        Index step = p_.strides[2].axes[2];
        double by_power = 0;
        for (Index i = 0; i < rows.count(); i++) {
            const InputRows& over = rows.row(i);
            if (over.count == 0) {
                continue;
            }
            const Storage* gradient = row(2, plane.number, over.depth, over.height);
            const Real* share = shares.of_row(i);
            PairedElements<Rows, Rows> elements = {
                {axis_.input}, {plane.powers, over, axis_.input}, {plane.products, over, axis_.input}};
            for_each_window_of_columns<PairedColumns<Total, Total>, Stride, Taps>(
                axis_, elements,
                [&](Index window, int lanes, const PairedColumns<Total, Total>& columns) POOLING_INLINE_LAMBDA {
                    Vector shares_of_lanes = load_lanes(share + window);
                    Vector mean = columns.first.value * shares_of_lanes;
                    Vector log_mean = logarithm(mean);
                    Vector y = root(mean, log_mean, plane.power);
                    Vector g = load_lanes<Vector>(gradient + window * step, step, lanes) * y;
                    auto nothing = mean == Real(0);
                    Vector to_elements = g * shares_of_lanes / mean;
                    to_all.set(window, lanes, nothing ? broadcast<Vector>(0) : to_elements);
                    Vector by_p = g * (columns.second.value * shares_of_lanes / (mean * plane.power) -
                                       log_mean / (plane.power * plane.power));
                    by_p = nothing ? broadcast<Vector>(0) : by_p;
                    for (int lane = 0; lane < lanes; lane++) {
                        by_power += static_cast<double>(by_p[lane]);
                    }
                });
            to_all.template add_to_rows<Stride>(over, plane.sums);
        }
        store_gradients(plane);
        return by_power;
    }

    void store_gradients(const Plane& plane) const {
        Index step = p_.strides[3].axes[2];
        for_each_row([&](Index depth, Index height, Index place) {
            const Storage* x = row(0, plane.number, depth, height);
            Storage* target = row<Storage*>(3, plane.number, depth, height);
            for_each_vector<Vector>(axis_.input, [&](Index column, int lanes) POOLING_INLINE_LAMBDA {
                Vector v = load_lanes<Vector>(x + column, 1, lanes);
                Vector result = load_lanes<Vector>(plane.powers + place + column, 1, lanes) / v *
                                load_lanes<Vector>(plane.sums + place + column, 1, lanes);
                store_lanes(target + column * step, step, lanes, v == Real(0) ? broadcast<Vector>(0) : result);
            });
        });
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
