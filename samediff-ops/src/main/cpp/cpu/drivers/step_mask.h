// SPDX-License-Identifier: Apache-2.0
// Which steps of a sequence are elements. Masked steps are left out of windows as padding is: windows without them are
// computed together as ever, the others one by one from the taps that are left.
#pragma once

#include "block_plan.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

template <class Storage>
class StepMask {
public:
    StepMask() {}

    StepMask(const BlockArrays& arrays, ScratchParts& scratch) {
        if (!arrays.kernels.masked) {
            return;
        }
        axis_ = arrays.geometry().axes[2];
        strides_ = arrays.strides[arrays.step_mask()];
        mask_ = static_cast<const Storage*>(arrays.addresses[arrays.step_mask()]);
        steps_ = scratch.take<UInt8>(axis_.input);
        states_ = scratch.take<UInt8>(axis_.output);
    }

    // Of an example; the last one is remembered.
    void read(Index batch) {
        if (batch == batch_) {
            return;
        }
        batch_ = batch;
        for (Index step = 0; step < axis_.input; step++) {
            steps_[step] = load(mask_ + batch * strides_.batch + step * strides_.axes[2]) != 0;
        }
        for (Index output = 0; output < axis_.output; output++) {
            Range taps = valid_taps(axis_, output);
            Index count = 0;
            for (Index tap = taps.begin; tap < taps.end; tap++) {
                count += steps_[window_start(axis_, output) + tap * axis_.dilation];
            }
            states_[output] = count == 0 ? kEmpty : count == taps.size() ? kWhole : kPartial;
        }
    }

    bool has(Index step) const {
        return steps_[step] != 0;
    }

    // Whether no tap inside the map is masked.
    bool is_whole(Index output) const {
        return states_[output] == kWhole;
    }

    bool is_empty(Index output) const {
        return states_[output] == kEmpty;
    }

    // Calls function(windows, whether all lie inside the map and are whole) for all windows in their order.
    template <class Function>
    void for_each_run(Range interior, const Function& function) const {
        Index begin = 0;
        while (begin < axis_.output) {
            bool whole = is_together(interior, begin);
            Index end = begin + 1;
            while (end < axis_.output && is_together(interior, end) == whole) {
                end++;
            }
            function(Range{begin, end}, whole);
            begin = end;
        }
    }

private:
    enum : UInt8 { kEmpty, kPartial, kWhole };

    WindowAxis axis_ = {};
    TensorStrides strides_ = {};
    const Storage* mask_ = nullptr;
    UInt8* steps_ = nullptr;
    UInt8* states_ = nullptr;  // of windows
    Index batch_ = -1;

    bool is_together(Range interior, Index output) const {
        return output >= interior.begin && output < interior.end && is_whole(output);
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
