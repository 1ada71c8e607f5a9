// SPDX-License-Identifier: Apache-2.0
// Precise RoI pooling: y = mean over the cell of the map, interpolated linearly between its elements and falling to 0
// within one element outside. The integral is separable: along an axis, element h has the weight
// mean over the cell of hat(u - h), hat(u) = max(0, 1 - |u|).
#pragma once

#include "region_sampling.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// The hat function over a cell.
struct HatCell {
    double begin;  // of the cell, from the element
    double end;
    double length;

    POOLING_FUNCTION static double hat(double u) {
        double height = u < 0 ? 1 + u : 1 - u;
        return height > 0 ? height : 0;
    }

    // Part of the cell's mean that comes from the straight piece of the hat over [from, from + 1].
    POOLING_FUNCTION double mean_over(double from) const {
        double low = begin > from ? begin : from;
        double high = end < from + 1 ? end : from + 1;
        return low < high ? part(low, high) * hat(low + (high - low) / 2) : 0;
    }

    // Share of the cell. A cell within one piece has no rounding here, however short it is.
    POOLING_FUNCTION double part(double low, double high) const {
        return low == begin && high == end ? 1 : (high - low) / length;
    }

    POOLING_FUNCTION double mean() const {
        return mean_over(-1) + mean_over(0);
    }

    // Derivatives of the mean by the cell's ends.
    POOLING_FUNCTION double by_begin() const {
        return within_piece() ? slope() / 2 : (mean() - hat(begin)) / length;
    }

    POOLING_FUNCTION double by_end() const {
        return within_piece() ? slope() / 2 : (hat(end) - mean()) / length;
    }

    POOLING_FUNCTION bool within_piece() const {
        return (begin >= -1 && end <= 0) || (begin >= 0 && end <= 1);
    }

    POOLING_FUNCTION double slope() const {
        return begin < 0 ? 1 : -1;
    }
};

struct HatAxis {
    double start;
    double length;
    Index cells;
    Index size;

    POOLING_FUNCTION double edge(Index index) const {
        return start + static_cast<double>(index) * length / static_cast<double>(cells);
    }

    // Elements that a cell reaches.
    POOLING_FUNCTION Range elements(double begin, double end) const {
        return clipped(floor_of(begin), ceil_of(end) + 1, begin < end ? size : 0);
    }

    // Calls visit(element, hat over the cell) for the elements that the cell reaches.
    template <class Visit>
    POOLING_FUNCTION void for_each(Index index, const Visit& visit) const {
        double begin = edge(index);
        double end = edge(index + 1);
        Range reached = elements(begin, end);
        for (Index h = reached.begin; h < reached.end; h++) {
            double at = static_cast<double>(h);
            visit(h, HatCell{begin - at, end - at, length / static_cast<double>(cells)});
        }
    }

    template <class Visit>
    POOLING_FUNCTION void weights(Index index, const Visit& visit) const {
        for_each(index, [&](Index h, const HatCell& cell) { visit(h, cell.mean()); });
    }

    // Derivative of an edge by the start of the region, or by its end.
    POOLING_FUNCTION double edge_follows(Index index, bool by_end) const {
        double part = static_cast<double>(index) / static_cast<double>(cells);
        return by_end ? part : 1 - part;
    }

    // By the start of the region, or by its end.
    template <class Visit>
    POOLING_FUNCTION void derivatives(Index index, bool by_end, const Visit& visit) const {
        double of_begin = edge_follows(index, by_end);
        double of_end = edge_follows(index + 1, by_end);
        for_each(index,
                 [&](Index h, const HatCell& cell) { visit(h, cell.by_begin() * of_begin + cell.by_end() * of_end); });
    }
};

struct PreciseRoiPool {
    static constexpr bool kShiftsCells = false;

    const RegionParameters& p;
    HatAxis y;
    HatAxis x;

    POOLING_FUNCTION PreciseRoiPool(const RegionParameters& parameters, void* const*) : p(parameters), y(), x() {}

    POOLING_FUNCTION void select(const RegionBox& box, Index) {
        double scale = bit_cast<double>(p.scale);
        double edges[4];
        for (int i = 0; i < 4; i++) {
            edges[i] = limited(box.numbers[i] * scale);
        }
        bool empty = edges[2] <= edges[0] || edges[3] <= edges[1];
        x = {edges[0], empty ? 0 : edges[2] - edges[0], p.columns, p.width};
        y = {edges[1], empty ? 0 : edges[3] - edges[1], p.rows, p.height};
    }

    POOLING_FUNCTION double factor(Index, Index) const {
        return 1;
    }

    template <class Visit>
    POOLING_FUNCTION void rows(Index i, Index, const Visit& visit) const {
        y.weights(i, visit);
    }

    template <class Visit>
    POOLING_FUNCTION void columns(Index, Index j, const Visit& visit) const {
        x.weights(j, visit);
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
