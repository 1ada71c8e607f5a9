// SPDX-License-Identifier: Apache-2.0
// Gradients of parameters and masks, which windows share. The windows leave their shares in scratch memory; these are
// added up in double, as ordered_sums.cuh says.
#pragma once

#include "device_window.cuh"
#include "ordered_sums.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Operator, class Storage>
class WindowSums {
    typedef typename StorageTraits<Storage>::Real Real;
    static constexpr int kCount = Operator::kParameters + Operator::kMasks;
    static constexpr int kRoom = kCount > 0 ? kCount : 1;
    static constexpr int kInputs = WindowArrays<Operator>::kInputs;

    enum { kBatch = 1, kChannel = 2, kPlaces = 4 };

public:
    // is_present(number of an array)
    template <class Parameters, class IsPresent>
    POOLING_FUNCTION WindowSums(const Parameters& p, const IsPresent& is_present)
        : windows_(size_of_output(p.geometry)), total_(0), parts_(0), any_(false), values_(nullptr), sums_(nullptr) {
        const WindowGeometry& g = p.geometry;
        for (int i = 0; i < kCount; i++) {
            Layout& layout = layouts_[i];
            Index kept = p.kept_axes[i];
            layout.wanted = is_present(gradient_array(i));
            layout.direct = !is_mask(i) && (kept & kBatch) != 0;
            any_ |= layout.wanted;
            layout.channels = (kept & kChannel) != 0 ? g.channels : 1;
            layout.size = layout.channels;
            layout.shared = g.batch * (layout.channels == 1 ? g.channels : 1);
            for (int a = 0; a < kAxes; a++) {
                bool places = !is_mask(i) && (kept & kPlaces) != 0;
                layout.extents[a] = is_mask(i) ? g.axes[a].kernel : places ? g.axes[a].output : 1;
                layout.size *= layout.extents[a];
                layout.shared *= places ? 1 : g.axes[a].output;
            }
            bool summed = layout.wanted && !layout.direct;
            constexpr Index kShare = 64;  // windows of one part
            layout.parts = summed ? parts_of_sum(layout.shared, kShare) : 0;
            layout.first_sum = total_;
            layout.first_part = parts_;
            total_ += summed ? layout.size : 0;
            parts_ += layout.parts * layout.size;
        }
    }

    POOLING_FUNCTION void take(GpuScratch& memory) {
        values_ = memory.take<Real>(any_ ? kCount * windows_ : 0);
        sums_ = memory.take<double>(parts_);
    }

    POOLING_FUNCTION bool any() const {
        return any_;
    }

    POOLING_FUNCTION Index parts() const {
        return parts_;
    }

    POOLING_FUNCTION Index total() const {
        return total_;
    }

    // The share of a window.
    template <class Parameters>
    POOLING_DEVICE void put(int i, const MapPlace& at, Real value, const Parameters& p, const GpuArrays& arrays) const {
        if (!layouts_[i].wanted) {
            return;
        }
        if (layouts_[i].direct) {
            int array = gradient_array(i);
            store(arrays.at<Storage>(array) + at.offset(p.strides[array]), value);
        } else {
            values_[i * windows_ + at.number(p.geometry, &WindowAxis::output)] = value;
        }
    }

    // For a window without elements.
    template <class Parameters>
    POOLING_DEVICE void put_nothing(const MapPlace& at, const Parameters& p, const GpuArrays& arrays) const {
        for (int i = 0; i < kCount; i++) {
            put(i, at, Real(0), p, arrays);
        }
    }

    template <class Parameters>
    POOLING_DEVICE void add_part(const Parameters& p, const GpuArrays& arrays, Index thread) const {
        for (int i = 0; i < kCount; i++) {
            const Layout& layout = layouts_[i];
            if (thread >= layout.first_part && thread < layout.first_part + layout.parts * layout.size) {
                Index rest = thread - layout.first_part;
                Index part = take_last(rest, layout.parts);
                sums_[thread] = part_of(i, p, arrays, rest, part);
            }
        }
    }

    template <class Parameters>
    POOLING_DEVICE void store_sum(const Parameters& p, const GpuArrays& arrays, Index thread) const {
        for (int i = 0; i < kCount; i++) {
            const Layout& layout = layouts_[i];
            if (layout.parts == 0 || thread < layout.first_sum || thread >= layout.first_sum + layout.size) {
                continue;
            }
            Index number = thread - layout.first_sum;
            double sum = sum_of_parts(sums_ + layout.first_part + number * layout.parts, layout.parts, 1);
            Place place = place_of(layout, number);
            const TensorStrides& s = p.strides[gradient_array(i)];
            Index offset = place.channel * s.channel;
            for (int a = 0; a < kAxes; a++) {
                offset += place.axes[a] * s.axes[a];
            }
            store(arrays.at<Storage>(gradient_array(i)) + offset, static_cast<Real>(sum));
        }
    }

private:
    struct Layout {
        bool wanted;
        bool direct;  // no two windows share a value
        Index channels;
        Index extents[kAxes];  // of places in the output, or in a mask; 1 where windows of all places share
        Index size;            // number of values
        Index shared;          // windows that share a value; for a mask, that look at it
        Index parts;           // of each value's sum
        Index first_sum;
        Index first_part;
    };

    // Of a value.
    struct Place {
        Index channel;
        Index axes[kAxes];
    };

    Layout layouts_[kRoom];
    Index windows_;
    Index total_;
    Index parts_;
    bool any_;
    Real* values_;
    double* sums_;

    POOLING_FUNCTION static bool is_mask(int i) {
        return i >= Operator::kParameters;
    }

    POOLING_FUNCTION static int gradient_array(int i) {
        return kInputs + 1 + WindowArrays<Operator>::kMaps + i;
    }

    POOLING_DEVICE static Place place_of(const Layout& layout, Index number) {
        Place place;
        for (int a = kAxes - 1; a >= 0; a--) {
            place.axes[a] = take_last(number, layout.extents[a]);
        }
        place.channel = number;
        return place;
    }

    // Windows part, part + parts, ... of those that share a value.
    template <class Parameters>
    POOLING_DEVICE double part_of(int i, const Parameters& p, const GpuArrays& arrays, Index value, Index part) const {
        const WindowGeometry& g = p.geometry;
        const Layout& layout = layouts_[i];
        Place place = place_of(layout, value);
        bool every_place = is_mask(i) || layout.extents[0] * layout.extents[1] * layout.extents[2] == 1;
        double sum = 0;
        for (Index n = part; n < layout.shared; n += layout.parts) {
            Index rest = n;
            MapPlace at;
            for (int a = kAxes - 1; a >= 0; a--) {
                at.axes[a] = every_place ? take_last(rest, g.axes[a].output) : place.axes[a];
            }
            at.channel = layout.channels > 1 ? place.channel : take_last(rest, g.channels);
            at.batch = rest;
            Real share = values_[i * windows_ + at.number(g, &WindowAxis::output)];
            if (!is_mask(i)) {
                sum += static_cast<double>(share);
                continue;
            }
            const TensorStrides& s = p.strides[0];
            Index offset = at.batch * s.batch + at.channel * s.channel;
            bool inside = true;
            Index step = 0;
            for (int a = 0; a < kAxes; a++) {
                Index element = window_start(g.axes[a], at.axes[a]) + place.axes[a] * g.axes[a].dilation;
                inside &= element >= 0 && element < g.axes[a].input;
                offset += element * s.axes[a];
                step = element;
            }
            if (inside && is_element<Operator, Storage>(p.strides, arrays, at.batch, step)) {
                sum += static_cast<double>(share * load(arrays.at<const Storage>(0) + offset));
            }
        }
        return sum;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
