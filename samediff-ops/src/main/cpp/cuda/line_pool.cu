// SPDX-License-Identifier: Apache-2.0
// Means and maxima along lines: a thread a line, and a thread an element, which collects from the lines over it.
#include "../kernels/lines.h"
#include "map_place.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

POOLING_FUNCTION Index elements_of(const LineParameters& p) {
    return p.batch * p.channels * p.input[0] * p.input[1];
}

POOLING_FUNCTION Index lines_of_plane(const LineParameters& p) {
    Index count = 0;
    for (Index l = 0; l < p.levels; l++) {
        count += p.level[l].output[0] * p.level[l].output[1];
    }
    return count;
}

template <class Storage>
struct LineResults {
    typedef typename StorageTraits<Storage>::Real Real;

    POOLING_DEVICE static void write(const LineParameters& p, const LineLevel& lines, const GpuArrays& arrays,
                                     Index batch, Index channel, const Index* o, Range taps, const Storage* x,
                                     const LineMean<Real>& line) {
        Real result = line.sum / static_cast<Real>(taps.size());
        if (!is_finite(line.sum)) {
            result = halved_line_mean<Real>(p, lines, o, taps, [&](Index offset) { return load(x + offset); });
        }
        store(arrays.at<Storage>(1) + lines.y.offset(batch, channel, o), result);
    }

    POOLING_DEVICE static void write(const LineParameters& p, const LineLevel& lines, const GpuArrays& arrays,
                                     Index batch, Index channel, const Index* o, Range, const Storage*,
                                     const LineMaximum<Real>& line) {
        store(arrays.at<Storage>(1) + lines.y.offset(batch, channel, o), line.largest.value);
        arrays.at<Index>(2)[lines.index.offset(batch, channel, o)] =
            p.tap_position(lines, o, lines.taps.begin + static_cast<Index>(line.largest.place));
    }
};

// Arrays: x, y, and the index for maxima.
template <template <class> class Reduction>
struct LineForward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef LineParameters Parameters;
        static constexpr int kArrays = 1 + Reduction<Real>::kResults;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const LineParameters& p = request.parameters;
            plan.threads[0] = p.batch * p.channels * lines_of_plane(p);
            plan.wide = is_wide(plan.threads[0]) || is_wide(elements_of(p));
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            bool channels_last = has_channels_last(p.x);
            Index channel = channels_last ? take_last(thread, p.channels) : 0;
            Index number = take_last(thread, lines_of_plane(p));
            channel = channels_last ? channel : take_last(thread, p.channels);
            const Storage* x = arrays.at<const Storage>(0) + thread * p.x.batch + channel * p.x.channel;
            Index of_first = p.level[0].output[0] * p.level[0].output[1];
            // A level's place in the parameters is known at compile time: no array that a thread has to index.
            if (number < of_first) {
                line(p, p.level[0], arrays, thread, channel, number, x);
            } else {
                line(p, p.level[1], arrays, thread, channel, number - of_first, x);
            }
        }

    private:
        POOLING_DEVICE static void line(const LineParameters& p, const LineLevel& lines, const GpuArrays& arrays,
                                        Index batch, Index channel, Index number, const Storage* x) {
            Index column = take_last(number, lines.output[1]);
            const Index o[kLineAxes] = {number, column};
            Range taps = lines.inside(p.input, o);
            const Storage* element = x + p.tap_offset(lines, o, taps.begin);
            Index step = p.offset(lines.step[0], lines.step[1]);
            auto result = Reduction<Real>::first(load(element), taps.begin - lines.taps.begin);
            for (Index t = taps.begin + 1; t < taps.end; t++) {
                element += step;
                result.take(load(element), t - lines.taps.begin);
            }
            LineResults<Storage>::write(p, lines, arrays, batch, channel, o, taps, x, result);
        }
    };
};

// Arrays: gradient of y, the index for maxima, gradient of x.
template <bool Maximum>
struct LineBackward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef LineParameters Parameters;
        static constexpr int kArrays = Maximum ? 3 : 2;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const LineParameters& p = request.parameters;
            plan.threads[0] = elements_of(p);
            plan.wide = is_wide(plan.threads[0]) || is_wide(p.batch * p.channels * lines_of_plane(p));
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            bool channels_last = has_channels_last(p.x);
            Index channel = channels_last ? take_last(thread, p.channels) : 0;
            Index column = take_last(thread, p.input[1]);
            Index row = take_last(thread, p.input[0]);
            channel = channels_last ? channel : take_last(thread, p.channels);
            const Index place[kLineAxes] = {row, column};
            Real sum = of_level(p, p.level[0], arrays, thread, channel, place);
            if (p.levels > 1) {
                sum += of_level(p, p.level[1], arrays, thread, channel, place);
            }
            store(arrays.at<Storage>(kArrays - 1) + thread * p.x.batch + channel * p.x.channel + p.offset(row, column),
                  sum);
        }

    private:
        POOLING_DEVICE static Real of_level(const LineParameters& p, const LineLevel& lines, const GpuArrays& arrays,
                                            Index batch, Index channel, const Index* place) {
            const Storage* gradient = arrays.at<const Storage>(0);
            Real sum = 0;
            lines.for_each_line_over(place, [&](const Index* o) {
                if constexpr (Maximum) {
                    Index chosen = arrays.at<const Index>(1)[lines.index.offset(batch, channel, o)];
                    if (chosen == place[0] * p.input[1] + place[1]) {
                        sum += load(gradient + lines.y.offset(batch, channel, o));
                    }
                } else {
                    sum += load(gradient + lines.y.offset(batch, channel, o)) /
                           static_cast<Real>(lines.inside(p.input, o).size());
                }
            });
            return sum;
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(line_pool, line_mean_forward, pooling::LineForward<pooling::LineMean>, 1)
POOLING_GPU_KERNEL(line_pool, line_mean_backward, pooling::LineBackward<false>, 1)
POOLING_GPU_KERNEL(line_pool, line_maximum_forward, pooling::LineForward<pooling::LineMaximum>, 1)
POOLING_GPU_KERNEL(line_pool, line_maximum_backward, pooling::LineBackward<true>, 1)
