// SPDX-License-Identifier: Apache-2.0
// Deformable average pooling: y = (1/D) sum_k m_k f(p_k + d_k), f the map sampled bilinearly and 0 outside, p_k the
// places of the window, d_k and m_k an offset and a factor for each, given by further arrays:
// dy/dx[corner] = m_k weight / D,   dy/dd_k = m_k f'(p_k + d_k) / D,   dy/dm_k = f(p_k + d_k) / D (Dai et al., ICCV
// 2017; Zhu et al., CVPR 2019). Positions are computed in double whatever the type of the map, so that every type
// samples the same places.
#pragma once

#include "../core/bilinear_zero.h"
#include "../core/storage.h"
#include "window_parameters.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Java fills it in (DeformableAveragePool.java). The first axis of the geometry is not used. Arrays: x, offset, mask or
// null, y, or in the backward pass the gradients of y, x, offset and mask.
struct DeformableParameters {
    WindowGeometry geometry;
    Index groups;          // of channels that share offsets
    Index counts_padding;  // 1: D is the size of the kernel, 0: the number of undisplaced places inside the map
    TensorStrides x;
    TensorStrides offset;
    TensorStrides mask;
    TensorStrides y;
    TensorStrides x_gradient;
    TensorStrides offset_gradient;
    TensorStrides mask_gradient;

    POOLING_FUNCTION const WindowAxis& rows() const {
        return geometry.axes[1];
    }

    POOLING_FUNCTION const WindowAxis& columns() const {
        return geometry.axes[2];
    }

    POOLING_FUNCTION Index kernel_size() const {
        return rows().kernel * columns().kernel;
    }

    POOLING_FUNCTION Index group_channels() const {
        return quotient(geometry.channels, groups);
    }
};

POOLING_FUNCTION Index place_in(const TensorStrides& s, Index batch, Index channel, Index row, Index column) {
    return batch * s.batch + channel * s.channel + row * s.axes[1] + column * s.axes[2];
}

// One displaced place of a window.
struct DeformedSample {
    ZeroSample row;
    ZeroSample column;
    double mask;

    POOLING_FUNCTION bool is_inside() const {
        return row.is_inside() && column.is_inside();
    }
};

// The displaced places of the windows of one image and one group of channels.
template <class Storage>
struct DeformedWindows {
    const DeformableParameters& p;
    const Storage* offset;
    const Storage* mask;  // may be null: factors of 1
    Index batch;
    Index group;

    POOLING_FUNCTION DeformedSample sample(Index oy, Index ox, Index tap) const {
        Index channel = group * p.kernel_size() + tap;
        const Storage* shift = offset + place_in(p.offset, batch, 2 * channel, oy, ox);
        Index tap_row = quotient(tap, p.columns().kernel);
        Index tap_column = tap - tap_row * p.columns().kernel;
        double y = static_cast<double>(load(shift)) +
                   static_cast<double>(window_start(p.rows(), oy) + tap_row * p.rows().dilation);
        double x = static_cast<double>(load(shift + p.offset.channel)) +
                   static_cast<double>(window_start(p.columns(), ox) + tap_column * p.columns().dilation);
        double factor =
            mask == nullptr ? 1 : static_cast<double>(load(mask + place_in(p.mask, batch, channel, oy, ox)));
        return {zero_sample_at(y, p.rows().input), zero_sample_at(x, p.columns().input), factor};
    }

    // 1 / D. A window without places inside the map is 0 where padding does not count.
    POOLING_FUNCTION double share(Index oy, Index ox) const {
        Index inside = valid_taps(p.rows(), oy).size() * valid_taps(p.columns(), ox).size();
        Index divisor = p.counts_padding != 0 ? p.kernel_size() : inside;
        return divisor == 0 ? 0 : 1 / static_cast<double>(divisor);
    }
};

// Derivatives of the sum over channels of gradient * value of a sample, from the sums at its four corners.
struct SampleGradient {
    double by_row;
    double by_column;
    double by_mask;

    POOLING_FUNCTION SampleGradient(const DeformedSample& s, const double (&corner_sums)[2][2], double share)
        : by_row(0), by_column(0), by_mask(0) {
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                double sum = corner_sums[i][j];
                by_row += part(s.row.slope[i] * s.column.weight[j] * s.mask * share, sum);
                by_column += part(s.row.weight[i] * s.column.slope[j] * s.mask * share, sum);
                by_mask += part(s.row.weight[i] * s.column.weight[j] * share, sum);
            }
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
