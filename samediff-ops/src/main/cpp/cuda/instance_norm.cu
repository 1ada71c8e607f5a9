// SPDX-License-Identifier: Apache-2.0
#include "../kernels/instance_norm.h"
#include "ordered_sums.cuh"
#include "vector_access.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Mean and variance of each map. Passes: of its parts, groups of which a thread may take; from these, of the maps.
template <class Storage>
class InstanceMoments {
    typedef typename StorageTraits<Storage>::Real Real;

public:
    static constexpr int kGroup = kNeighbours<Storage>;

    POOLING_FUNCTION InstanceMoments(const InstanceNormParameters& p, GpuScratch& memory)
        : p_(p), planes_(p.batch * p.channels), parts_((parts_of_sum(p.size, kShare) + kGroup - 1) / kGroup * kGroup) {
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

    // Whether maps, dense ones, consist of groups; addresses: of the arrays that have them, combined with |.
    POOLING_FUNCTION bool is_in_groups(Index addresses) const {
        return p_.size % kGroup == 0 && is_grouped<Storage, kGroup>(addresses, 0);
    }

    // Takes the mean along from element to element (Welford 1962): one pass over memory, nothing cancels.
    template <int Count>
    POOLING_DEVICE void find_parts(const Storage* z, Index thread) const {
        Index first = take_last(thread, quotient(parts_, Count)) * Count;
        const Storage* map = z + thread * p_.size;
        Real means[Count] = {};
        Real squares[Count] = {};
        Real count = 0;
        for (Index i = first; i < p_.size; i += parts_) {
            Storage elements[Count];
            load_neighbours(map + i, elements);
            count += 1;
            unrolled<Count>([&](int k) {
                Real value = load(elements + k);
                Real deviation = value - means[k];
                means[k] += deviation / count;
                squares[k] += deviation * (value - means[k]);
            });
        }
        unrolled<Count>([&](int k) {
            part_means_[(first + k) * planes_ + thread] = static_cast<double>(means[k]);
            part_squares_[(first + k) * planes_ + thread] = static_cast<double>(squares[k]);
        });
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
            Index group = moments.is_in_groups(request.addresses[0] | request.addresses[3]) ? Moments::kGroup : 1;
            plan.threads[0] = moments.planes() * moments.parts() / group;
            plan.threads[1] = moments.planes();
            plan.threads[2] = moments.planes() * request.parameters.size / group;
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            GpuScratch memory(scratch);
            Moments moments(p, memory);
            if constexpr (Pass == 1) {
                moments.find_map(thread);
            } else if (moments.is_in_groups(arrays.number(0) | arrays.number(3))) {
                run_group<Pass, Moments::kGroup>(p, arrays, moments, thread);
            } else {
                run_group<Pass, 1>(p, arrays, moments, thread);
            }
        }

    private:
        template <int Pass, int Count>
        POOLING_DEVICE static void run_group(const Parameters& p, const GpuArrays& arrays, const Moments& moments,
                                             Index thread) {
            const Storage* z = arrays.at<const Storage>(0);
            if constexpr (Pass == 0) {
                moments.template find_parts<Count>(z, thread);
            } else {
                Index first = thread * Count;
                auto map = moments.map(arrays, quotient(first, p.size));
                Storage elements[Count];
                load_neighbours(z + first, elements);
                unrolled<Count>([&](int i) { store(elements + i, map.gate(map.normalise(load(elements + i)))); });
                store_neighbours(arrays.at<Storage>(3) + first, elements);
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
            const Index* addresses = request.addresses;
            bool grouped = moments.is_in_groups(addresses[0] | addresses[3] | addresses[4]);
            Index group = grouped ? Moments::kGroup : 1;
            plan.threads[0] = plan.threads[2] = moments.planes() * moments.parts() / group;
            plan.threads[1] = plan.threads[3] = moments.planes();
            plan.threads[4] = moments.planes() * request.parameters.size / group;
            plan.threads[5] = request.parameters.channels;
        }

        template <int Pass>
        POOLING_DEVICE static void run(const Parameters& p, const GpuArrays& arrays, char* scratch, Index thread) {
            GpuScratch memory(scratch);
            Moments moments(p, memory);
            Sums sums(moments, memory);
            if constexpr (Pass == 1) {
                moments.find_map(thread);
            } else if constexpr (Pass == 3) {
                sums.by_shift[thread] = sum_of_parts(sums.parts_by_shift + thread, moments.parts(), moments.planes());
                sums.by_gain[thread] = sum_of_parts(sums.parts_by_gain + thread, moments.parts(), moments.planes());
            } else if constexpr (Pass == 5) {
                double by_shift = sum_of_parts(sums.by_shift + thread, p.batch, p.channels);
                double by_gain = sum_of_parts(sums.by_gain + thread, p.batch, p.channels);
                store(arrays.at<Storage>(5) + thread * p.gain_gradient_stride, static_cast<Real>(by_gain));
                store(arrays.at<Storage>(6) + thread * p.shift_gradient_stride, static_cast<Real>(by_shift));
            } else if (moments.is_in_groups(arrays.number(0) | arrays.number(3) | arrays.number(4))) {
                run_group<Pass, Moments::kGroup>(p, arrays, moments, sums, thread);
            } else {
                run_group<Pass, 1>(p, arrays, moments, sums, thread);
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

        template <int Pass, int Count>
        POOLING_DEVICE static void run_group(const Parameters& p, const GpuArrays& arrays, const Moments& moments,
                                             const Sums& sums, Index thread) {
            if constexpr (Pass == 0) {
                moments.template find_parts<Count>(arrays.at<const Storage>(0), thread);
            } else if constexpr (Pass == 2) {
                add_parts<Count>(p, arrays, moments, sums, thread);
            } else {
                elements<Count>(p, arrays, moments, sums, thread * Count);
            }
        }

        template <int Count>
        POOLING_DEVICE static void add_parts(const Parameters& p, const GpuArrays& arrays, const Moments& moments,
                                             const Sums& sums, Index thread) {
            Index first = take_last(thread, quotient(moments.parts(), Count)) * Count;
            const Storage* z = arrays.at<const Storage>(0) + thread * p.size;
            const Storage* gradient = arrays.at<const Storage>(3) + thread * p.size;
            NormalisedMap<Real> map = moments.map(arrays, thread);
            Real plain[Count] = {};
            Real weighted[Count] = {};
            for (Index i = first; i < p.size; i += moments.parts()) {
                Storage of_z[Count];
                Storage of_gradient[Count];
                load_neighbours(z + i, of_z);
                load_neighbours(gradient + i, of_gradient);
                unrolled<Count>([&](int k) {
                    Real h = map.normalise(load(of_z + k));
                    Real d = load(of_gradient + k) * map.gate_slope(h);
                    plain[k] += d;
                    weighted[k] += d * h;
                });
            }
            unrolled<Count>([&](int k) {
                Index part = (first + k) * moments.planes() + thread;
                sums.parts_by_shift[part] = static_cast<double>(plain[k]);
                sums.parts_by_gain[part] = static_cast<double>(weighted[k]);
            });
        }

        template <int Count>
        POOLING_DEVICE static void elements(const Parameters& p, const GpuArrays& arrays, const Moments& moments,
                                            const Sums& sums, Index first) {
            Index plane = quotient(first, p.size);
            double size = static_cast<double>(p.size);
            NormalisedMap<Real> map = moments.map(arrays, plane);
            Real mean = static_cast<Real>(sums.by_shift[plane] / size);
            Real weighted_mean = static_cast<Real>(sums.by_gain[plane] / size);
            Storage of_z[Count];
            Storage of_gradient[Count];
            load_neighbours(arrays.at<const Storage>(0) + first, of_z);
            load_neighbours(arrays.at<const Storage>(3) + first, of_gradient);
            unrolled<Count>([&](int k) {
                Real h = map.normalise(load(of_z + k));
                Real d = load(of_gradient + k) * map.gate_slope(h);
                store(of_z + k, (d - mean - h * weighted_mean) * (map.gain * map.factor));
            });
            store_neighbours(arrays.at<Storage>(4) + first, of_z);
        }
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling

POOLING_GPU_KERNEL(instance_norm, instance_norm_forward, pooling::InstanceNormForward, 3)
POOLING_GPU_KERNEL(instance_norm, instance_norm_backward, pooling::InstanceNormBackward, 6)
