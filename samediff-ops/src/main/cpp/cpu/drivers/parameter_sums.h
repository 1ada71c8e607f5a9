// SPDX-License-Identifier: Apache-2.0
// Gradients of parameters and masks, which many windows share: summed in double, group of windows by group, and the
// groups in order, so that the result has the same bits for any number of threads.
#pragma once

#include "block_builder.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Where the sums of one array stand among those of a group.
struct SumLayout {
    Index begin;
    Index size;
    TensorStrides strides;  // 0 along shared axes; of a mask: channel, then places in the window
    Index extents[5];       // of batch, channel and the three axes; 1 along shared ones
};

enum { kKeepsBatch = 1, kKeepsChannel = 2, kKeepsPlaces = 4 };

class SumLayouts {
public:
    explicit SumLayouts(const BlockArrays& a) : a_(a) {
        const WindowGeometry& g = a.geometry();
        for (int i = 0; i < count(); i++) {
            Index kept = a.header.kept_axes[i];
            bool mask = i >= a.kernels.parameters;
            SumLayout& layout = layouts_[i];
            layout.extents[0] = 1;
            layout.extents[1] = (kept & kKeepsChannel) != 0 ? g.channels : 1;
            for (int axis = 0; axis < kAxes; axis++) {
                layout.extents[2 + axis] = mask                         ? g.axes[axis].kernel
                                           : (kept & kKeepsPlaces) != 0 ? g.axes[axis].output
                                                                        : 1;
            }
            Index strides[5];
            Index size = 1;
            for (int axis = 4; axis >= 0; axis--) {
                strides[axis] = layout.extents[axis] == 1 ? 0 : size;
                size *= layout.extents[axis];
            }
            layout.strides = {strides[0], strides[1], {strides[2], strides[3], strides[4]}};
            layout.begin = total_;
            layout.size = is_summed(i) ? size : 0;
            total_ += layout.size;
        }
    }

    int count() const {
        return a_.kernels.parameters + a_.kernels.masks;
    }

    Index total() const {
        return total_;
    }

    const SumLayout& operator[](int i) const {
        return layouts_[i];
    }

    // In the order of the inputs: behind them come the outputs' arrays, then the gradients.
    int gradient_array(int i) const {
        return a_.further(a_.kernels.has_index ? 2 : 1) + 1 + a_.kernels.elements + i;
    }

    bool is_wanted(int i) const {
        return a_.addresses[gradient_array(i)] != nullptr;
    }

    // A parameter that no two windows share is stored at once.
    bool is_direct(int i) const {
        return is_wanted(i) && i < a_.kernels.parameters && (a_.header.kept_axes[i] & kKeepsBatch) != 0;
    }

    bool is_summed(int i) const {
        return is_wanted(i) && !is_direct(i);
    }

    // Adds up the groups and stores the results.
    template <class Storage>
    void store_sums(const double* sums, Index groups) const {
        for (int i = 0; i < count(); i++) {
            if (is_summed(i)) {
                store_sums<Storage>(i, sums, groups);
            }
        }
    }

private:
    BlockArrays a_;
    SumLayout layouts_[2 * kMaximumFurther];
    Index total_ = 0;

    template <class Storage>
    void store_sums(int i, const double* sums, Index groups) const {
        typedef typename StorageTraits<Storage>::Real Real;
        const SumLayout& layout = layouts_[i];
        const TensorStrides& s = a_.strides[gradient_array(i)];
        Storage* target = static_cast<Storage*>(a_.addresses[gradient_array(i)]);
        for (Index n = 0; n < layout.size; n++) {
            double sum = 0;
            for (Index group = 0; group < groups; group++) {
                sum += sums[group * total_ + layout.begin + n];
            }
            Index at[4];
            Index rest = n;
            for (int axis = 3; axis >= 0; axis--) {
                at[axis] = rest % layout.extents[1 + axis];
                rest /= layout.extents[1 + axis];
            }
            store(target + element_offset(s, 0, at[0], at[1], at[2], at[3]), static_cast<Real>(sum));
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
