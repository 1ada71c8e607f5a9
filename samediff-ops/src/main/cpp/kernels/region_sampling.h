// SPDX-License-Identifier: Apache-2.0
// Regions of a map, axis by axis: cells, sample points and the elements they lie between. Positions are computed in
// double whatever the type of the map, so that every type samples the same places.
#pragma once

#include "region_parameters.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// The limit keeps numbers of samples and elements within Index; no map comes near it.
POOLING_FUNCTION double limited(double position) {
    constexpr double kLimit = 1e9;
    return position < -kLimit ? -kLimit : position > kLimit ? kLimit : position;
}

// For numbers within the limit.
POOLING_FUNCTION Index floor_of(double value) {
    Index truncated = static_cast<Index>(value);
    return value < static_cast<double>(truncated) ? truncated - 1 : truncated;
}

POOLING_FUNCTION Index ceil_of(double value) {
    return -floor_of(-value);
}

// Half away from zero.
POOLING_FUNCTION double round_of(double value) {
    double truncated = static_cast<double>(static_cast<Index>(value));
    double rest = value - truncated;
    return rest >= 0.5 ? truncated + 1 : rest <= -0.5 ? truncated - 1 : truncated;
}

POOLING_FUNCTION Range clipped(Index begin, Index end, Index size) {
    begin = minimum(maximum(begin, 0), size);
    return {begin, maximum(begin, minimum(end, size))};
}

// The elements that a position lies between. Value: low_weight * x[low] + high_weight * x[high]; its derivative for the
// position: slope * (x[high] - x[low]).
struct AxisSample {
    Index low;
    Index high;
    double low_weight;
    double high_weight;
    double slope;
};

POOLING_FUNCTION AxisSample sample_at(double position, Index size) {
    if (position < 0) {
        return {0, 0, 1, 0, 0};
    }
    Index low = floor_of(position);
    if (low >= size - 1) {
        return {size - 1, size - 1, 1, 0, 0};
    }
    double fraction = position - static_cast<double>(low);
    return {low, low + 1, 1 - fraction, fraction, 1};
}

// Samples of one cell along one axis.
struct CellAxis {
    double start;
    double length;
    double phase;  // of a sample in its part of the cell: 0.5 is the middle
    Index count;
    Index size;  // of the map

    POOLING_FUNCTION double position(Index sample) const {
        return start + (static_cast<double>(sample) + phase) * length / static_cast<double>(count);
    }

    // Samples outside it lie outside the map. Many samples always stand about one element apart.
    POOLING_FUNCTION Range candidates() const {
        double step = length / static_cast<double>(count);
        if (count <= 128 || !(step > 0.25)) {
            return {0, count};
        }
        double begin = (-2 - start) / step - 1;
        double end = (static_cast<double>(size) + 1 - start) / step + 1;
        double most = static_cast<double>(count);
        return {begin > 0 ? static_cast<Index>(begin < most ? begin : most) : 0,
                end > 0 ? static_cast<Index>(end < most ? end : most) : 0};
    }

    // Calls visit(rank, sample) for the samples on the map, from low positions to high ones; those outside have a rank
    // too.
    template <class Rule, class Visit>
    POOLING_FUNCTION void for_each(const Visit& visit) const {
        Range range = candidates();
        for (Index i = range.begin; i < range.end; i++) {
            double at = position_of(i);
            if (Rule::contains(at, size)) {
                visit(i, sample_at(at, size));
            }
        }
    }

    // Ranks count samples from low positions to high ones.
    POOLING_FUNCTION double position_of(Index rank) const {
        return position(length < 0 ? count - 1 - rank : rank);
    }
};

// RoIAlign: a collar of one element around the map repeats its edge; behind it everything is 0. A NaN is nowhere.
struct AlignRule {
    POOLING_FUNCTION static bool contains(double position, Index size) {
        return position >= -1 && position <= static_cast<double>(size);
    }

    POOLING_FUNCTION static Index divisor(const CellAxis& cell) {
        return cell.count;
    }
};

// R-FCN's deformable pooling: samples more than half an element outside are left out and not counted.
struct DeformableRule {
    POOLING_FUNCTION static bool contains(double position, Index size) {
        return position >= -0.5 && position <= static_cast<double>(size) - 0.5;
    }

    POOLING_FUNCTION static Index divisor(const CellAxis& cell) {
        Index inside = 0;
        cell.for_each<DeformableRule>([&](Index, const AxisSample&) { inside++; });
        return inside;
    }
};

// A region along one axis, cut into cells.
struct SampledAxis {
    double start;
    double length;
    double phase;
    Index cells;
    Index count;  // samples of a cell
    Index size;

    // sampling_ratio 0: about one sample an element; none for a region that is empty or ends before it starts.
    POOLING_FUNCTION static SampledAxis of(double start, double length, Index cells, Index sampling_ratio, Index size) {
        Index adaptive = length > 0 ? ceil_of(length / static_cast<double>(cells)) : 0;
        return {start, length, 0.5, cells, sampling_ratio > 0 ? sampling_ratio : adaptive, size};
    }

    POOLING_FUNCTION CellAxis cell(Index index, double shift) const {
        double cell_length = length / static_cast<double>(cells);
        return {start + static_cast<double>(index) * cell_length + shift, cell_length, phase, count, size};
    }
};

// Visits the elements of the mean over a cell's samples along an axis, with their weights: visit(element, weight).
template <class Rule, class Visit>
POOLING_FUNCTION void for_each_weight(const CellAxis& cell, const Visit& visit) {
    double each = 1 / static_cast<double>(Rule::divisor(cell));
    cell.for_each<Rule>([&](Index, const AxisSample& sample) {
        visit(sample.low, sample.low_weight * each);
        visit(sample.high, sample.high_weight * each);
    });
}

// The same for the derivative of the mean by the cell's position.
template <class Rule, class Visit>
POOLING_FUNCTION void for_each_slope(const CellAxis& cell, const Visit& visit) {
    double each = 1 / static_cast<double>(Rule::divisor(cell));
    cell.for_each<Rule>([&](Index, const AxisSample& sample) {
        visit(sample.low, -sample.slope * each);
        visit(sample.high, sample.slope * each);
    });
}

template <class Visit>
POOLING_FUNCTION void for_each_in(Range range, const Visit& visit) {
    for (Index i = range.begin; i < range.end; i++) {
        visit(i, 1 / static_cast<double>(range.size()));
    }
}

// A mean is never larger than the largest element, but the sum of rounded weights may be larger than 1. Sums of
// halves cannot overflow; what is too large then is rounding.
template <class Number>
POOLING_FUNCTION Number twice_within_range(Number half) {
    typedef typename RealTraits<Number>::Element Real;
    constexpr Real kHalf = FloatFormat<Real>::kLargest / 2;
    Number bound = broadcast<Number>(kHalf);
    Number from_above = (half > bound) & (half - half == broadcast<Number>(0)) ? bound : half;
    return 2 * ((from_above < -bound) & (half - half == broadcast<Number>(0)) ? -bound : from_above);
}

// Of maxima the first one counts, row by row; a NaN more than all numbers.
template <class Real>
POOLING_FUNCTION bool is_beyond(Real value, Real maximum) {
    return value > maximum || (value != value && maximum == maximum);
}

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
