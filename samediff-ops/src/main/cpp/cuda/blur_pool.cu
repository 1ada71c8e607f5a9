// SPDX-License-Identifier: Apache-2.0
#include "../kernels/blur_pool.h"
#include "device_window.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// A thread has a result and gathers the elements that it depends on.
struct BlurForward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef BlurParameters Parameters;
        static constexpr int kArrays = 2;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const WindowGeometry& g = request.parameters.geometry;
            plan.wide = is_wide(g);
            plan.threads[0] = size_of_output(g);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            const WindowGeometry& g = p.geometry;
            MapPlace at = MapPlace::of(thread, g, &WindowAxis::output, has_channels_last(p.y));
            const Storage* x = arrays.at<const Storage>(0) + at.batch * p.x.batch + at.channel * p.x.channel;
            BinomialFilter depths(g.axes[0].kernel);
            BinomialFilter rows(g.axes[1].kernel);
            BinomialFilter columns(g.axes[2].kernel);
            Real sum = 0;
            for (Index i = 0; i < g.axes[0].kernel; i++) {
                Index depth = element(p, g.axes[0], at.axes[0], i);
                for (Index j = 0; j < g.axes[1].kernel && depth >= 0; j++) {
                    Index row = element(p, g.axes[1], at.axes[1], j);
                    Real row_sum = 0;
                    for (Index k = 0; k < g.axes[2].kernel && row >= 0; k++) {
                        Index column = element(p, g.axes[2], at.axes[2], k);
                        if (column >= 0) {
                            row_sum += load(x + depth * p.x.axes[0] + row * p.x.axes[1] + column * p.x.axes[2]) *
                                       static_cast<Real>(columns.weight(k));
                        }
                    }
                    sum += row_sum * static_cast<Real>(depths.weight(i) * rows.weight(j));
                }
            }
            store(arrays.at<Storage>(1) + at.offset(p.y), sum);
        }

        POOLING_DEVICE static Index element(const Parameters& p, const WindowAxis& axis, Index output, Index tap) {
            return padded_place(window_start(axis, output) + tap, axis.input, p.padding);
        }
    };
};

struct BlurBackward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef BlurParameters Parameters;
        static constexpr int kArrays = 2;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const WindowGeometry& g = request.parameters.geometry;
            plan.wide = is_wide(g);
            plan.threads[0] = size_of_input(g);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            const WindowGeometry& g = p.geometry;
            MapPlace at = MapPlace::of(thread, g, &WindowAxis::input, has_channels_last(p.x));
            const Storage* y = arrays.at<const Storage>(0) + at.batch * p.y.batch + at.channel * p.y.channel;
            BinomialFilter depths(g.axes[0].kernel);
            BinomialFilter rows(g.axes[1].kernel);
            BinomialFilter columns(g.axes[2].kernel);
            Range od = blurs_over(g.axes[0], p.padding, at.axes[0]);
            Range oh = blurs_over(g.axes[1], p.padding, at.axes[1]);
            Range ow = blurs_over(g.axes[2], p.padding, at.axes[2]);
            Real sum = 0;
            for (Index d = od.begin; d < od.end; d++) {
                double depth_weight = blur_weight(g.axes[0], depths, p.padding, d, at.axes[0]);
                for (Index h = oh.begin; h < oh.end && depth_weight != 0; h++) {
                    double row_weight = blur_weight(g.axes[1], rows, p.padding, h, at.axes[1]);
                    Real row_sum = 0;
                    for (Index w = ow.begin; w < ow.end && row_weight != 0; w++) {
                        double weight = blur_weight(g.axes[2], columns, p.padding, w, at.axes[2]);
                        if (weight != 0) {
                            row_sum += load(y + d * p.y.axes[0] + h * p.y.axes[1] + w * p.y.axes[2]) *
                                       static_cast<Real>(weight);
                        }
                    }
                    sum += row_sum * static_cast<Real>(depth_weight * row_weight);
                }
            }
            store(arrays.at<Storage>(1) + at.offset(p.x), sum);
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(blur_pool, blur_pool_forward, pooling::BlurForward, 1)
POOLING_GPU_KERNEL(blur_pool, blur_pool_backward, pooling::BlurBackward, 1)
