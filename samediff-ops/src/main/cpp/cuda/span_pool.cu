// SPDX-License-Identifier: Apache-2.0
#include "../kernels/span_pool.h"
#include "map_place.cuh"
#include "ordered_sums.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// A span and a channel of it, in the order of the threads: channels fastest where they lie side by side.
struct SpanPlace {
    Index batch;
    Index window;
    Index moment;
    Index channel;

    POOLING_DEVICE static SpanPlace of(Index thread, const SpanParameters& p, bool channels_last) {
        SpanPlace at;
        if (channels_last) {
            at.channel = take_last(thread, p.channels);
            at.moment = take_last(thread, p.moments);
        } else {
            at.moment = take_last(thread, p.moments);
            at.channel = take_last(thread, p.channels);
        }
        at.window = take_last(thread, p.windows);
        at.batch = thread;
        return at;
    }

    // In scratch memory.
    POOLING_DEVICE Index number(const SpanParameters& p) const {
        return ((batch * p.windows + window) * p.channels + channel) * p.moments + moment;
    }
};

POOLING_FUNCTION Index number_of_spans(const SpanParameters& p) {
    return p.batch * p.windows * p.moments * p.channels;
}

template <class Storage>
struct DeviceSpans {
    typedef typename StorageTraits<Storage>::Real Real;

    const SpanParameters& p;
    const GpuArrays& arrays;
    SpanArrays a;

    POOLING_DEVICE DeviceSpans(const SpanParameters& parameters, const GpuArrays& all)
        : p(parameters),
          arrays(all),
          a{all.at<const Index>(2), all.at<const Index>(3), all.at<const Index>(4), all.at<const double>(5),
            all.at<const double>(6)} {}

    POOLING_DEVICE Real rate(Index channel) const {
        const Storage* log_tau = arrays.at<const Storage>(1);
        return log_tau == nullptr ? static_cast<Real>(bit_cast<double>(p.rate))
                                  : decay_rate(load(log_tau + channel * p.log_tau.channel));
    }

    POOLING_DEVICE Index step_at(Index batch, Index place) const {
        return a.order[batch * p.steps + place];
    }

    POOLING_DEVICE Real x(Index batch, Index channel, Index place) const {
        return load(arrays.at<const Storage>(0) + batch * p.x.batch + channel * p.x.channel +
                    step_at(batch, place) * p.x.axes[2]);
    }

    POOLING_DEVICE WeightedSpan<Real> weighted(const Span& span, Index batch, Index channel) const {
        const double* times = p.decays != 0 ? a.times + batch * p.steps : nullptr;
        return {span, times, rate(channel), p.kind == kSpanMean};
    }

    POOLING_DEVICE Index output_offset(const TensorStrides& s, const SpanPlace& at) const {
        Index target = a.targets[at.batch * p.moments + at.moment];
        return at.batch * s.batch + (at.window * p.channels + at.channel) * s.channel + target * s.axes[2];
    }
};

POOLING_FUNCTION bool is_wide(const SpanParameters& p) {
    return is_wide(number_of_spans(p)) || is_wide(p.batch * p.channels * p.steps);
}

struct SpanForward {
    template <class Storage>
    struct Of {
        typedef SpanParameters Parameters;
        typedef typename StorageTraits<Storage>::Real Real;
        static constexpr int kArrays = 9;
        static constexpr int kPasses = 1;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            plan.threads[0] = number_of_spans(request.parameters);
            plan.wide = is_wide(request.parameters);
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char*, Index thread) {
            DeviceSpans<Storage> spans(p, arrays);
            SpanPlace at = SpanPlace::of(thread, p, has_channels_last(p.y));
            Span span = span_of(p, spans.a, at.batch, at.window, at.moment);
            auto x = [&](Index place) { return spans.x(at.batch, at.channel, place); };
            Real y = Real(0);
            if (p.kind == kSpanMaximum) {
                Index chosen = -1;
                for (Index i = span.begin; i < span.end; i++) {
                    Real value = x(i);
                    if (chosen < 0 || value > y || (value != value && y == y)) {
                        y = value;
                        chosen = spans.step_at(at.batch, i);
                    }
                }
                arrays.at<Index>(8)[spans.output_offset(p.index, at)] = chosen;
            } else if (!span.empty()) {
                y = spans.weighted(span, at.batch, at.channel).value(x);
            }
            store(arrays.at<Storage>(7) + spans.output_offset(p.y, at), y);
        }
    };
};

// Passes: what the gradients need of each span of a sum or mean; the gradients of the elements; parts of the sums for
// ln tau; these sums.
struct SpanBackward {
    template <class Storage>
    struct Of {
        typedef SpanParameters Parameters;
        typedef typename StorageTraits<Storage>::Real Real;
        static constexpr int kArrays = 11;
        static constexpr int kPasses = 4;

        struct Scratch {
            Real* scales;
            Real* shares;
            double* parts;

            POOLING_FUNCTION Scratch(const Parameters& p, bool learned, GpuScratch& memory)
                : scales(memory.take<Real>(p.kind == kSpanMaximum ? 0 : number_of_spans(p))),
                  shares(memory.take<Real>(learned ? number_of_spans(p) : 0)),
                  parts(memory.take<double>(learned ? p.channels * parts_of_channel(p) : 0)) {}
        };

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            const Parameters& p = request.parameters;
            bool learned = request.addresses[10] != 0;
            GpuScratch memory(nullptr);
            Scratch scratch(p, learned, memory);
            plan.scratch = memory.used();
            plan.wide = is_wide(p);
            plan.threads[0] = p.kind == kSpanMaximum ? 0 : number_of_spans(p);
            plan.threads[1] = p.batch * p.channels * p.steps;
            plan.threads[2] = learned ? p.channels * parts_of_channel(p) : 0;
            plan.threads[3] = learned ? p.channels : 0;
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* memory, Index thread) {
            GpuScratch pieces(memory);
            Scratch scratch(p, arrays.addresses[10] != nullptr, pieces);
            if constexpr (Pass == 0) {
                one_span(p, arrays, scratch, thread);
            } else if constexpr (Pass == 1) {
                one_element(p, arrays, scratch, thread);
            } else if constexpr (Pass == 2) {
                add_part(p, scratch, thread);
            } else {
                Index parts = parts_of_channel(p);
                double sum = sum_of_parts(scratch.parts + thread * parts, parts, 1);
                store(arrays.at<Storage>(10) + thread * p.log_tau_gradient.channel, static_cast<Real>(sum));
            }
        }

    private:
        POOLING_FUNCTION static Index parts_of_channel(const Parameters& p) {
            constexpr Index kShare = 64;  // spans of one part
            return parts_of_sum(p.batch * p.windows * p.moments, kShare);
        }

        POOLING_DEVICE static void one_span(const Parameters& p, const GpuArrays& arrays, const Scratch& scratch,
                                            Index thread) {
            DeviceSpans<Storage> spans(p, arrays);
            SpanPlace at = SpanPlace::of(thread, p, has_channels_last(p.y));
            Span span = span_of(p, spans.a, at.batch, at.window, at.moment);
            Real scale = Real(0);
            Real share = Real(0);
            if (!span.empty()) {
                WeightedSpan<Real> weights = spans.weighted(span, at.batch, at.channel);
                Real gradient = load(arrays.at<const Storage>(8) + spans.output_offset(p.y, at));
                scale = gradient * weights.scale();
                if (arrays.addresses[10] != nullptr) {
                    share = gradient *
                            weights.by_log_tau([&](Index place) { return spans.x(at.batch, at.channel, place); });
                }
            }
            scratch.scales[at.number(p)] = scale;
            if (arrays.addresses[10] != nullptr) {
                scratch.shares[at.number(p)] = share;
            }
        }

        POOLING_DEVICE static void one_element(const Parameters& p, const GpuArrays& arrays, const Scratch& scratch,
                                               Index thread) {
            DeviceSpans<Storage> spans(p, arrays);
            const Index sizes[kAxes] = {1, 1, p.steps};
            MapPlace element = MapPlace::of(
                thread, p.channels, [&](int a) { return sizes[a]; }, has_channels_last(p.x_gradient));
            Index place = element.axes[2];
            element.axes[2] = spans.step_at(element.batch, place);
            Real sum = Real(0);
            for (Index window = 0; window < p.windows; window++) {
                Range moments = moments_over(p, spans.a, element.batch, window, place);
                for (Index moment = moments.begin; moment < moments.end; moment++) {
                    SpanPlace at = {element.batch, window, moment, element.channel};
                    if (p.kind == kSpanMaximum) {
                        Index chosen = arrays.at<const Index>(7)[spans.output_offset(p.index, at)];
                        if (chosen == element.axes[2]) {
                            sum += load(arrays.at<const Storage>(8) + spans.output_offset(p.y, at));
                        }
                    } else {
                        Span span = span_of(p, spans.a, at.batch, window, moment);
                        sum += scratch.scales[at.number(p)] * spans.weighted(span, at.batch, at.channel).weight(place);
                    }
                }
            }
            store(arrays.at<Storage>(9) + element.offset(p.x_gradient), sum);
        }

        POOLING_DEVICE static void add_part(const Parameters& p, const Scratch& scratch, Index thread) {
            Index parts = parts_of_channel(p);
            Index channel = thread;
            Index part = take_last(channel, parts);
            double sum = 0;
            for (Index n = part; n < p.batch * p.windows * p.moments; n += parts) {
                Index row = n;
                Index moment = take_last(row, p.moments);
                sum += static_cast<double>(scratch.shares[(row * p.channels + channel) * p.moments + moment]);
            }
            scratch.parts[thread] = sum;
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(span_pool, span_pool_forward, pooling::SpanForward, 1)
POOLING_GPU_KERNEL(span_pool, span_pool_backward, pooling::SpanBackward, 4)
