// SPDX-License-Identifier: Apache-2.0
#include "../kernels/instance_norm.h"
#include "map_place.cuh"
#include "ordered_sums.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Mean and variance of each map. Passes: of its parts; from these, of the maps.
template <class Storage>
class InstanceMoments {
    typedef typename StorageTraits<Storage>::Real Real;

public:
    POOLING_FUNCTION InstanceMoments(const InstanceNormParameters& p, GpuScratch& memory)
        : p_(p), planes_(p.batch * p.channels), parts_(parts_of_sum(p.size, kShare)) {
        part_means_ = memory.take<double>(planes_ * parts_);
        part_squares_ = memory.take<double>(planes_ * parts_);
        means_ = memory.take<Real>(planes_);
        factors_ = memory.take<Real>(planes_);
    }

    POOLING_FUNCTION Index planes() const {
        return planes_;
    }

    // Parts of a map.
    POOLING_FUNCTION Index parts() const {
        return parts_;
    }

    POOLING_FUNCTION bool is_wide() const {
        return pooling::is_wide(planes_ * p_.size);
    }

    // Takes the mean along from element to element (Welford 1962): one pass over memory, nothing cancels.
    POOLING_DEVICE void find_part(const Storage* z, Index thread) const {
        Index part = take_last(thread, parts_);
        const Storage* map = z + thread * p_.size;
        Real mean = 0;
        Real squares = 0;
        Real count = 0;
        for (Index i = part; i < p_.size; i += parts_) {
            Real value = load(map + i);
            Real deviation = value - mean;
            count += 1;
            mean += deviation / count;
            squares += deviation * (value - mean);
        }
        part_means_[part * planes_ + thread] = static_cast<double>(mean);
        part_squares_[part * planes_ + thread] = static_cast<double>(squares);
    }

    POOLING_DEVICE void find_map(Index plane) const {
        double size = static_cast<double>(p_.size);
        Index least = quotient(p_.size, parts_);
        Index larger = p_.size - least * parts_;
        double sum = 0;
        for (Index part = 0; part < parts_; part++) {
            sum += part_means_[part * planes_ + plane] * static_cast<double>(least + (part < larger ? 1 : 0));
        }
        double mean = sum / size;
        double squares = sum_of_parts(part_squares_ + plane, parts_, planes_);
        for (Index part = 0; part < parts_; part++) {
            double deviation = part_means_[part * planes_ + plane] - mean;
            squares += deviation * deviation * static_cast<double>(least + (part < larger ? 1 : 0));
        }
        double variance = squares / size + bit_cast<double>(p_.epsilon);
        means_[plane] = static_cast<Real>(mean);
        factors_[plane] = static_cast<Real>(1 / square_root(variance));
    }

    // Arrays: z, gain, shift and others.
    POOLING_DEVICE NormalisedMap<Real> map(const GpuArrays& arrays, Index plane) const {
        Index channel = remainder(plane, p_.channels);
        return {means_[plane], factors_[plane], load(arrays.at<const Storage>(1) + channel * p_.gain_stride),
                load(arrays.at<const Storage>(2) + channel * p_.shift_stride),
                static_cast<Real>(bit_cast<double>(p_.scale))};
    }

private:
    static constexpr Index kShare = 32;  // elements of a part

    const InstanceNormParameters& p_;
    Index planes_;
    Index parts_;
    double* part_means_;  // parts of a map are as far apart as there are maps
    double* part_squares_;
    Real* means_;
    Real* factors_;
};

struct InstanceNormForward {
    template <class Storage>
    struct Of {
        typedef InstanceNormParameters Parameters;
        typedef InstanceMoments<Storage> Moments;
        static constexpr int kArrays = 4;
        static constexpr int kPasses = 3;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            GpuScratch memory(nullptr);
            Moments moments(request.parameters, memory);
            plan.scratch = memory.used();
            plan.wide = moments.is_wide();
            plan.threads[0] = moments.planes() * moments.parts();
            plan.threads[1] = moments.planes();
            plan.threads[2] = moments.planes() * request.parameters.size;
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            GpuScratch memory(scratch);
            Moments moments(p, memory);
            const Storage* z = arrays.at<const Storage>(0);
            if constexpr (Pass == 0) {
                moments.find_part(z, thread);
            } else if constexpr (Pass == 1) {
                moments.find_map(thread);
            } else {
                auto map = moments.map(arrays, quotient(thread, p.size));
                store(arrays.at<Storage>(3) + thread, map.gate(map.normalise(load(z + thread))));
            }
        }
    };
};

// Passes: the moments; sums over parts of each map, over the maps; gradients of z; those of gain and shift.
struct InstanceNormBackward {
    template <class Storage>
    struct Of {
        typedef typename StorageTraits<Storage>::Real Real;
        typedef InstanceNormParameters Parameters;
        typedef InstanceMoments<Storage> Moments;
        static constexpr int kArrays = 7;
        static constexpr int kPasses = 6;

        static void plan(const GpuRequest<Parameters>& request, GpuPlan& plan) {
            GpuScratch memory(nullptr);
            Moments moments(request.parameters, memory);
            Sums(moments, memory);
            plan.scratch = memory.used();
            plan.wide = moments.is_wide();
            plan.threads[0] = plan.threads[2] = moments.planes() * moments.parts();
            plan.threads[1] = plan.threads[3] = moments.planes();
            plan.threads[4] = moments.planes() * request.parameters.size;
            plan.threads[5] = request.parameters.channels;
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            GpuScratch memory(scratch);
            Moments moments(p, memory);
            Sums sums(moments, memory);
            if constexpr (Pass == 0) {
                moments.find_part(arrays.at<const Storage>(0), thread);
            } else if constexpr (Pass == 1) {
                moments.find_map(thread);
            } else if constexpr (Pass == 2) {
                add_part(p, arrays, moments, sums, thread);
            } else if constexpr (Pass == 3) {
                sums.by_shift[thread] = sum_of_parts(sums.parts_by_shift + thread, moments.parts(), moments.planes());
                sums.by_gain[thread] = sum_of_parts(sums.parts_by_gain + thread, moments.parts(), moments.planes());
            } else if constexpr (Pass == 4) {
                one_element(p, arrays, moments, sums, thread);
            } else {
                double by_shift = sum_of_parts(sums.by_shift + thread, p.batch, p.channels);
                double by_gain = sum_of_parts(sums.by_gain + thread, p.batch, p.channels);
                store(arrays.at<Storage>(5) + thread * p.gain_gradient_stride, static_cast<Real>(by_gain));
                store(arrays.at<Storage>(6) + thread * p.shift_gradient_stride, static_cast<Real>(by_shift));
            }
        }

    private:
        // Of d and of d h, d the gradient behind the gate.
        struct Sums {
            double* parts_by_shift;
            double* parts_by_gain;
            double* by_shift;
            double* by_gain;

            POOLING_FUNCTION Sums(const Moments& moments, GpuScratch& memory)
                : parts_by_shift(memory.take<double>(moments.planes() * moments.parts())),
                  parts_by_gain(memory.take<double>(moments.planes() * moments.parts())),
                  by_shift(memory.take<double>(moments.planes())),
                  by_gain(memory.take<double>(moments.planes())) {}
        };

        POOLING_DEVICE static void add_part(const Parameters& p, const GpuArrays& arrays, const Moments& moments,
                                            const Sums& sums, Index thread) {
            Index part = take_last(thread, moments.parts());
            const Storage* z = arrays.at<const Storage>(0) + thread * p.size;
            const Storage* gradient = arrays.at<const Storage>(3) + thread * p.size;
            NormalisedMap<Real> map = moments.map(arrays, thread);
            Real sum = 0;
            Real weighted = 0;
            for (Index i = part; i < p.size; i += moments.parts()) {
                Real h = map.normalise(load(z + i));
                Real d = load(gradient + i) * map.gate_slope(h);
                sum += d;
                weighted += d * h;
            }
            sums.parts_by_shift[part * moments.planes() + thread] = static_cast<double>(sum);
            sums.parts_by_gain[part * moments.planes() + thread] = static_cast<double>(weighted);
        }

        POOLING_DEVICE static void one_element(const Parameters& p, const GpuArrays& arrays, const Moments& moments,
                                               const Sums& sums, Index thread) {
            Index plane = quotient(thread, p.size);
            double size = static_cast<double>(p.size);
            NormalisedMap<Real> map = moments.map(arrays, plane);
            Real h = map.normalise(load(arrays.at<const Storage>(0) + thread));
            Real d = load(arrays.at<const Storage>(3) + thread) * map.gate_slope(h);
            Real mean = static_cast<Real>(sums.by_shift[plane] / size);
            Real weighted_mean = static_cast<Real>(sums.by_gain[plane] / size);
            store(arrays.at<Storage>(4) + thread, (d - mean - h * weighted_mean) * (map.gain * map.factor));
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(instance_norm, instance_norm_forward, pooling::InstanceNormForward, 3)
POOLING_GPU_KERNEL(instance_norm, instance_norm_backward, pooling::InstanceNormBackward, 6)
