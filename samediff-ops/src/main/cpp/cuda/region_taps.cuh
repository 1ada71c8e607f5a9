// SPDX-License-Identifier: Apache-2.0
// The elements along one axis that a cell is a weighted sum of, one after the other in rising order:
//     bool next()      goes to the next one
//     element, weight  and for gradients of places, derivative(i), i < kDerivatives
// What has no part in the cell is left out, so that what stands there does not matter, not even a NaN.
#pragma once

#include "../kernels/precise_roi_pool.h"
#include "../kernels/ps_roi_pool.h"
#include "../kernels/roi_align.h"
#include "gpu_kernel.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// The mean of interpolated samples; kSlopes: its derivative by the cell's position too. Samples that share an element
// follow each other.
template <class Rule, bool kSlopes>
struct SampledTaps {
    static constexpr int kDerivatives = 1;

    int element;
    double weight;

    POOLING_DEVICE explicit SampledTaps(const CellAxis& cell)
        : element(-1),
          weight(0),
          start_(cell.start),
          length_(cell.length),
          phase_(cell.phase),
          each_(1 / static_cast<double>(Rule::divisor(cell))),
          count_(static_cast<int>(cell.count)),
          size_(static_cast<int>(cell.size)),
          rank_(static_cast<int>(cell.candidates().begin)),
          end_(static_cast<int>(cell.candidates().end)),
          next_weight_(0),
          slope_(0),
          next_slope_(0) {}

    POOLING_DEVICE double derivative(int) const {
        return slope_;
    }

    POOLING_DEVICE bool next() {
        step();
        while (true) {
            AxisSample sample = sample_of_rank();
            if (rank_ < end_ && sample.low == element) {
                add(sample);
            } else if (!(weight == 0) || !(slope_ == 0)) {
                return true;
            } else if (!(next_weight_ == 0) || !(next_slope_ == 0)) {
                step();
            } else if (rank_ < end_) {
                element = static_cast<int>(sample.low);
            } else {
                return false;
            }
        }
    }

private:
    double start_;
    double length_;
    double phase_;
    double each_;
    int count_;
    int size_;
    int rank_;  // of the next sample
    int end_;
    double next_weight_;  // of element + 1, as far as it is known
    double slope_;
    double next_slope_;

    POOLING_DEVICE void step() {
        element++;
        weight = next_weight_;
        slope_ = next_slope_;
        next_weight_ = 0;
        next_slope_ = 0;
    }

    // Goes on to the next sample on the map. It is worked out once more when its element's turn comes, rather than kept
    // in registers, of which there are few.
    POOLING_DEVICE AxisSample sample_of_rank() {
        for (; rank_ < end_; rank_++) {
            double position = CellAxis{start_, length_, phase_, count_, size_}.position_of(rank_);
            if (Rule::contains(position, size_)) {
                return sample_at(position, size_);
            }
        }
        return {};
    }

    POOLING_DEVICE void add(const AxisSample& sample) {
        weight += sample.low_weight * each_;
        next_weight_ += sample.high_weight * each_;  // 0 where both elements are the same
        if (kSlopes) {
            slope_ -= sample.slope * each_;
            next_slope_ += sample.slope * each_;  // 0 too
        }
        rank_++;
    }
};

// The mean of elements.
struct ElementTaps {
    int element;
    double weight;

    POOLING_DEVICE explicit ElementTaps(Range range)
        : element(static_cast<int>(range.begin) - 1),
          weight(1 / static_cast<double>(range.size())),
          end_(static_cast<int>(range.end)) {}

    POOLING_DEVICE bool next() {
        return ++element < end_;
    }

private:
    int end_;
};

// The integral of a precise region's cell; its derivatives by the start and by the end of the region.
template <bool kSlopes>
struct HatTaps {
    static constexpr int kDerivatives = 2;

    int element;
    double weight;

    POOLING_DEVICE HatTaps(const HatAxis& axis, Index index)
        : element(0),
          weight(0),
          begin_(axis.edge(index)),
          end_(axis.edge(index + 1)),
          length_(axis.length / static_cast<double>(axis.cells)),
          index_(static_cast<int>(index)),
          cells_(static_cast<int>(axis.cells)),
          by_start_(0),
          by_end_(0) {
        Range elements = axis.elements(begin_, end_);
        element = static_cast<int>(elements.begin) - 1;
        last_ = static_cast<int>(elements.end) - 1;
    }

    POOLING_DEVICE double derivative(int i) const {
        return i == 0 ? by_start_ : by_end_;
    }

    POOLING_DEVICE bool next() {
        while (element < last_) {
            double at = static_cast<double>(++element);
            HatCell cell = {begin_ - at, end_ - at, length_};
            weight = cell.mean();
            if (kSlopes) {
                HatAxis axis = {0, 0, cells_, 0};
                double by_begin = cell.by_begin();
                double by_end = cell.by_end();
                by_start_ = by_begin * axis.edge_follows(index_, false) + by_end * axis.edge_follows(index_ + 1, false);
                by_end_ = by_begin * axis.edge_follows(index_, true) + by_end * axis.edge_follows(index_ + 1, true);
            }
            if (!(weight == 0) || (kSlopes && !(by_start_ == 0 && by_end_ == 0))) {
                return true;
            }
        }
        return false;
    }

private:
    double begin_;
    double end_;
    double length_;
    int index_;
    int cells_;
    double by_start_;
    double by_end_;
    int last_;
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
