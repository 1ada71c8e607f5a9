// SPDX-License-Identifier: Apache-2.0
// Rotated RoIAlign: the samples of RoIAlign, turned about the centre of the region; their mean.
#pragma once

#include "region_sampling.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

struct RotatedRoiAlign {
    const RegionParameters& p;
    double centre_y;
    double centre_x;
    double sine;
    double cosine;
    SampledAxis y;  // in the region's own axes, from its centre
    SampledAxis x;

    POOLING_FUNCTION RotatedRoiAlign(const RegionParameters& parameters, void* const*)
        : p(parameters), centre_y(0), centre_x(0), sine(0), cosine(1), y(), x() {}

    // Box: centre x, centre y, width, height, sine and cosine of the angle.
    POOLING_FUNCTION void select(const RegionBox& box, Index) {
        double scale = bit_cast<double>(p.scale);
        Index ratio = p.options.words[0];
        bool aligned = p.options.words[1] != 0;
        double shift = aligned ? 0.5 : 0;
        centre_x = limited(box.numbers[0] * scale) - shift;
        centre_y = limited(box.numbers[1] * scale) - shift;
        double width = limited(box.numbers[2] * scale);
        double height = limited(box.numbers[3] * scale);
        if (!aligned) {
            width = width < 1 ? 1 : width;
            height = height < 1 ? 1 : height;
        }
        sine = box.numbers[4];
        cosine = box.numbers[5];
        y = SampledAxis::of(-height / 2, height, p.rows, ratio, p.height);
        x = SampledAxis::of(-width / 2, width, p.columns, ratio, p.width);
    }

    // Samples of a cell that may lie on the map: those within its circumcircle, seen from the region.
    POOLING_FUNCTION Range near_map(const CellAxis& axis, double map_centre, double radius) const {
        double step = axis.length / static_cast<double>(axis.count);
        if (axis.count <= 128 || !(step > 0.25)) {
            return {0, axis.count};
        }
        double begin = (map_centre - radius - axis.start) / step - 2;
        double end = (map_centre + radius - axis.start) / step + 2;
        double most = static_cast<double>(axis.count);
        return {begin > 0 ? static_cast<Index>(begin < most ? begin : most) : 0,
                end > 0 ? static_cast<Index>(end < most ? end : most) : 0};
    }

    // Calls visit(sample along y, sample along x, weight) for the samples of a cell.
    template <class Visit>
    POOLING_FUNCTION void samples(Index i, Index j, const Visit& visit) const {
        CellAxis cell_y = y.cell(i, 0);
        CellAxis cell_x = x.cell(j, 0);
        double map_y = static_cast<double>(p.height - 1) / 2 - centre_y;
        double map_x = static_cast<double>(p.width - 1) / 2 - centre_x;
        double radius = static_cast<double>(p.height + p.width) / 2 + 2;
        Range over_y = near_map(cell_y, map_y * cosine + map_x * sine, radius);
        Range over_x = near_map(cell_x, map_x * cosine - map_y * sine, radius);
        double weight = 1 / (static_cast<double>(y.count) * static_cast<double>(x.count));
        for (Index s = over_y.begin; s < over_y.end; s++) {
            double along_y = cell_y.position(s);
            for (Index t = over_x.begin; t < over_x.end; t++) {
                double along_x = cell_x.position(t);
                double at_y = along_y * cosine - along_x * sine + centre_y;
                double at_x = along_y * sine + along_x * cosine + centre_x;
                if (AlignRule::contains(at_y, p.height) && AlignRule::contains(at_x, p.width)) {
                    visit(sample_at(at_y, p.height), sample_at(at_x, p.width), weight);
                }
            }
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
