// SPDX-License-Identifier: Apache-2.0
// A window as operators see it, for one thread: see cpu/window_block.h for what it offers. What becomes of the results
// is left to a sink, which has
//     choose(tap), element_gradient(window, array, tap, value), parameter_gradient(i, value), mask_factor(i, value)
#pragma once

#include "../core/philox.h"
#include "../kernels/window_parameters.h"
#include "map_place.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

POOLING_FUNCTION Index size_of_input(const WindowGeometry& g) {
    return g.batch * g.channels * g.axes[0].input * g.axes[1].input * g.axes[2].input;
}

POOLING_FUNCTION Index size_of_output(const WindowGeometry& g) {
    return g.batch * g.channels * g.axes[0].output * g.axes[1].output * g.axes[2].output;
}

// Whether places, or distances between windows and elements, need more than 31 bits.
POOLING_FUNCTION bool is_wide(const WindowGeometry& g) {
    bool wide = is_wide(size_of_input(g)) || is_wide(size_of_output(g));
    for (int a = 0; a < kAxes; a++) {
        const WindowAxis& axis = g.axes[a];
        wide |= is_wide(axis.kernel * axis.dilation + axis.input + axis.padding) ||
                is_wide(axis.output * axis.stride + axis.trailing_padding);
    }
    return wide;
}

// An operator on sequences of which a mask, the last input, says which steps are elements at all.
template <class Operator>
struct Masked : Operator {
    POOLING_FUNCTION explicit Masked(const WindowOptions& options) : Operator(options) {}
};

template <class Operator>
constexpr bool kIsMasked = false;

template <class Operator>
constexpr bool kIsMasked<Masked<Operator>> = true;

// Arrays of a launch by their roles, as the CPU's BlockArrays: inputs (x, elements, parameters, masks, the mask of
// steps), y or its gradient behind an index, gradients of the inputs but for the mask of steps.
template <class Operator>
struct WindowArrays {
    static constexpr int kMaps = 1 + Operator::kElements;
    static constexpr int kDifferentiable = kMaps + Operator::kParameters + Operator::kMasks;
    static constexpr int kStepMask = kDifferentiable;
    static constexpr int kInputs = kDifferentiable + (kIsMasked<Operator> ? 1 : 0);

    POOLING_FUNCTION static constexpr int parameter(int i) {
        return kMaps + i;
    }

    POOLING_FUNCTION static constexpr int mask(int i) {
        return kMaps + Operator::kParameters + i;
    }
};

template <class Operator>
POOLING_DEVICE bool has_window_parameter(const GpuArrays& arrays, int i) {
    return i == Operator::kDrawn || arrays.addresses[WindowArrays<Operator>::parameter(i)] != nullptr;
}

// Of the window at a place.
template <class Operator, class Storage>
POOLING_DEVICE auto window_parameter(const WindowHeader& header, const TensorStrides* strides, const GpuArrays& arrays,
                                     const MapPlace& at, int i) {
    typedef typename StorageTraits<Storage>::Real Real;
    int array = WindowArrays<Operator>::parameter(i);
    const Storage* p = arrays.at<const Storage>(array);
    if (p != nullptr) {
        return load(p + at.offset(strides[array]));
    }
    return i == Operator::kDrawn ? uniform_of<Real>(static_cast<UInt64>(header.options.words[0]),
                                                    at.number(header.geometry, &WindowAxis::output))
                                 : Real(0);
}

// Whether a step of a sequence is an element.
template <class Operator, class Storage>
POOLING_DEVICE bool is_element(const TensorStrides* strides, const GpuArrays& arrays, Index batch, Index step) {
    if constexpr (kIsMasked<Operator>) {
        constexpr int kMask = WindowArrays<Operator>::kStepMask;
        const TensorStrides& s = strides[kMask];
        return load(arrays.at<const Storage>(kMask) + batch * s.batch + step * s.axes[2]) != 0;
    }
    return true;
}

template <class Operator, class Storage, class Sink>
class DeviceWindow {
    typedef WindowArrays<Operator> Roles;

public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef Real Element;

    POOLING_DEVICE DeviceWindow(const WindowHeader& header, const TensorStrides* strides, const GpuArrays& arrays,
                                const MapPlace& at, Sink& sink)
        : header_(header), strides_(strides), arrays_(arrays), at_(at), sink_(sink), tap_(0), places_{0, 0, 0} {
        for (int a = 0; a < kAxes; a++) {
            taps_[a] = valid_taps(header.geometry.axes[a], at.axes[a]);
        }
        for (int m = 0; m < Roles::kMaps; m++) {
            const TensorStrides& s = strides[m];
            Index offset = at.batch * s.batch + at.channel * s.channel;
            for (int a = 0; a < kAxes; a++) {
                offset += first_place(a) * s.axes[a];
            }
            maps_[m] = arrays.at<const Storage>(m) + offset;
        }
        if constexpr (kIsMasked<Operator>) {
            for (Index i = 0; i < taps_[2].size(); i++) {
                elements_ += has(i) ? 1 : 0;
            }
            skip_masked();
        }
    }

    POOLING_DEVICE bool empty() const {
        return count() == 0;
    }

    POOLING_DEVICE Index count() const {
        return kIsMasked<Operator> ? elements_ : taps_[0].size() * taps_[1].size() * taps_[2].size();
    }

    POOLING_DEVICE Index kernel_count() const {
        return axis(0).kernel * axis(1).kernel * axis(2).kernel;
    }

    POOLING_DEVICE Index padded_count() const {
        Index result = 1;
        for (int a = 0; a < kAxes; a++) {
            Index room = axis(a).input + axis(a).trailing_padding - window_start(axis(a), at_.axes[a]);
            result *= maximum(0, minimum(axis(a).kernel, ceil_divide(room, axis(a).dilation)));
        }
        return result;
    }

    POOLING_DEVICE Real first() const {
        return x(0);
    }

    template <class Function>
    POOLING_DEVICE void for_each(const Function& function) const {
        for (Index i = 0; i < count(); i++) {
            function(x(i), i);
        }
    }

    POOLING_DEVICE Real x(Index tap) const {
        return element(0, tap);
    }

    POOLING_DEVICE Real element(int array, Index tap) const {
        seek(tap);
        const TensorStrides& s = strides_[array];
        return load(maps_[array] + step(0) * s.axes[0] + step(1) * s.axes[1] + step(2) * s.axes[2]);
    }

    POOLING_DEVICE bool has_parameter(int i) const {
        return has_window_parameter<Operator>(arrays_, i);
    }

    POOLING_DEVICE Real parameter(int i) const {
        return window_parameter<Operator, Storage>(header_, strides_, arrays_, at_, i);
    }

    POOLING_DEVICE Real mask(int i, Index tap) const {
        seek(tap);
        const TensorStrides& s = strides_[Roles::mask(i)];
        Index offset = at_.channel * s.channel;
        for (int a = 0; a < kAxes; a++) {
            offset += (taps_[a].begin + places_[a]) * s.axes[a];
        }
        return load(arrays_.at<const Storage>(Roles::mask(i)) + offset);
    }

    // Computing a number again costs less than the memory to keep it.
    POOLING_DEVICE void keep(int, Index, Real) const {}

    template <class Function>
    POOLING_DEVICE Real kept(int, Index, const Function& compute) const {
        return compute();
    }

    POOLING_DEVICE void choose(Real tap) const {
        sink_.choose(tap);
    }

    POOLING_DEVICE Real gradient() const {
        constexpr int kGradient = Roles::kInputs + (Operator::kHasIndex ? 1 : 0);
        return load(arrays_.at<const Storage>(kGradient) + at_.offset(strides_[kGradient]));
    }

    POOLING_DEVICE void add_x_gradient(Index tap, Real value) const {
        sink_.element_gradient(*this, 0, tap, value);
    }

    POOLING_DEVICE void add_element_gradient(int array, Index tap, Real value) const {
        sink_.element_gradient(*this, array, tap, value);
    }

    POOLING_DEVICE void set_parameter_gradient(int i, Real value) const {
        sink_.parameter_gradient(i, value);
    }

    POOLING_DEVICE void set_mask_factor(int i, Real value) const {
        sink_.mask_factor(i, value);
    }

    // Number, in the map of its channel, of the element of a tap.
    POOLING_DEVICE Index position(Index tap) const {
        seek(tap);
        Index result = 0;
        for (int a = 0; a < kAxes; a++) {
            result = result * axis(a).input + first_place(a) + step(a);
        }
        return result;
    }

    // Number of the tap that an element of the window is.
    POOLING_DEVICE Index tap_at(const Index* element) const {
        if constexpr (kIsMasked<Operator>) {
            Index last = tap_of(axis(2), at_.axes[2], element[2]) - taps_[2].begin;
            Index number = 0;
            for (Index i = 0; i < last; i++) {
                number += has(i) ? 1 : 0;
            }
            return number;
        }
        Index tap = 0;
        for (int a = 0; a < kAxes; a++) {
            tap = tap * taps_[a].size() + tap_of(axis(a), at_.axes[a], element[a]) - taps_[a].begin;
        }
        return tap;
    }

private:
    const WindowHeader& header_;
    const TensorStrides* strides_;
    const GpuArrays& arrays_;
    const MapPlace& at_;
    Sink& sink_;
    Range taps_[kAxes];
    const Storage* maps_[Roles::kMaps];
    // The tap that was asked for last, among those inside the map: mostly the next one is asked for then.
    mutable UInt32 tap_;
    mutable UInt32 places_[kAxes];
    UInt32 elements_ = 0;  // of a masked window

    POOLING_DEVICE const WindowAxis& axis(int a) const {
        return header_.geometry.axes[a];
    }

    POOLING_DEVICE Index first_place(int a) const {
        return window_start(axis(a), at_.axes[a]) + taps_[a].begin * axis(a).dilation;
    }

    POOLING_DEVICE Index step(int a) const {
        return places_[a] * axis(a).dilation;
    }

    // Whether a place of a sequence's window, from its first tap inside the map, is an element.
    POOLING_DEVICE bool has(Index place) const {
        return is_element<Operator, Storage>(strides_, arrays_, at_.batch, first_place(2) + place * axis(2).dilation);
    }

    POOLING_DEVICE void skip_masked() const {
        while (places_[2] < static_cast<UInt32>(taps_[2].size()) && !has(places_[2])) {
            places_[2]++;
        }
    }

    POOLING_DEVICE void seek_element(UInt32 tap) const {
        if (tap < tap_) {
            tap_ = places_[2] = 0;
            skip_masked();
        }
        for (; tap_ < tap; tap_++) {
            places_[2]++;
            skip_masked();
        }
    }

    POOLING_DEVICE void seek(Index number) const {
        UInt32 tap = static_cast<UInt32>(number);
        if (tap == tap_) {
            return;
        }
        if constexpr (kIsMasked<Operator>) {
            seek_element(tap);
            return;
        }
        UInt32 height = static_cast<UInt32>(taps_[1].size());
        UInt32 width = static_cast<UInt32>(taps_[2].size());
        if (tap == 0) {
            places_[0] = places_[1] = places_[2] = 0;
        } else if (tap == tap_ + 1) {
            if (++places_[2] == width) {
                places_[2] = 0;
                if (++places_[1] == height) {
                    places_[1] = 0;
                    ++places_[0];
                }
            }
        } else {
            UInt32 row = tap / width;
            places_[2] = tap - row * width;
            places_[0] = row / height;
            places_[1] = row - places_[0] * height;
        }
        tap_ = tap;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
