// SPDX-License-Identifier: Apache-2.0
#include "../kernels/instance_norm.h"

#include "kernel_table.h"
#include "lanes.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

template <class Storage>
class InstanceNorm {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

    const InstanceNormParameters& p_;
    const Storage* z_;
    const Storage* gain_;
    const Storage* shift_;

public:
    InstanceNorm(const void* parameters, void* const* arrays)
        : p_(*static_cast<const InstanceNormParameters*>(parameters)),
          z_(static_cast<const Storage*>(arrays[0])),
          gain_(static_cast<const Storage*>(arrays[1])),
          shift_(static_cast<const Storage*>(arrays[2])) {}

    void forward(Storage* y) const {
        parallel_ranges(p_.batch * p_.channels, 20 * p_.size, [&](Index begin, Index end) {
            for (Index i = begin; i < end; i++) {
                const Storage* z = z_ + i * p_.size;
                NormalisedMap<Real> map = map_of(z, i % p_.channels);
                for_each_vector([&](Index at, int lanes) {
                    Vector h = map.normalise(load_lanes<Vector>(z + at, 1, lanes));
                    store_lanes(y + i * p_.size + at, 1, lanes, map.gate(h));
                });
            }
        });
    }

    // Channels are shared among threads; the images of each are added up in order.
    void backward(const Storage* y_gradient, Storage* z_gradient, Storage* gain_gradient,
                  Storage* shift_gradient) const {
        parallel_ranges(p_.channels, 40 * p_.batch * p_.size, [&](Index begin, Index end) {
            for (Index c = begin; c < end; c++) {
                double by_gain = 0;
                double by_shift = 0;
                for (Index b = 0; b < p_.batch; b++) {
                    Index first = (b * p_.channels + c) * p_.size;
                    one_map(z_ + first, c, y_gradient + first, z_gradient + first, by_gain, by_shift);
                }
                store(gain_gradient + c * p_.gain_gradient_stride, static_cast<Real>(by_gain));
                store(shift_gradient + c * p_.shift_gradient_stride, static_cast<Real>(by_shift));
            }
        });
    }

private:
    template <class Body>
    void for_each_vector(const Body& body) const {
        for (Index at = 0; at < p_.size; at += kLanes) {
            body(at, static_cast<int>(minimum(kLanes, p_.size - at)));
        }
    }

    static double total(Vector v) {
        double sum = 0;
        for (Index lane = 0; lane < kLanes; lane++) {
            sum += static_cast<double>(v[lane]);
        }
        return sum;
    }

    NormalisedMap<Real> map_of(const Storage* z, Index channel) const {
        double size = static_cast<double>(p_.size);
        Vector sum = broadcast<Vector>(0);
        for_each_vector([&](Index at, int lanes) { sum += load_lanes<Vector>(z + at, 1, lanes); });
        Real mean = static_cast<Real>(total(sum) / size);
        Vector squares = broadcast<Vector>(0);
        for_each_vector([&](Index at, int lanes) {
            Vector d = load_lanes<Vector>(z + at, 1, lanes) - mean;
            for (int lane = lanes; lane < kLanes; lane++) {
                d[lane] = 0;
            }
            squares += d * d;
        });
        double variance = total(squares) / size + bit_cast<double>(p_.epsilon);
        return {mean, static_cast<Real>(1 / square_root(variance)), load(gain_ + channel * p_.gain_stride),
                load(shift_ + channel * p_.shift_stride), static_cast<Real>(bit_cast<double>(p_.scale))};
    }

    void one_map(const Storage* z, Index channel, const Storage* y_gradient, Storage* z_gradient, double& by_gain,
                 double& by_shift) const {
        NormalisedMap<Real> map = map_of(z, channel);
        Vector sum = broadcast<Vector>(0);
        Vector weighted = broadcast<Vector>(0);
        for_each_vector([&](Index at, int lanes) {
            Vector h = map.normalise(load_lanes<Vector>(z + at, 1, lanes));
            Vector d = load_lanes<Vector>(y_gradient + at, 1, lanes) * map.gate_slope(h);
            sum += d;
            weighted += d * h;
        });
        double size = static_cast<double>(p_.size);
        double sum_total = total(sum);
        double weighted_total = total(weighted);
        by_shift += sum_total;
        by_gain += weighted_total;
        Real mean = static_cast<Real>(sum_total / size);
        Real weighted_mean = static_cast<Real>(weighted_total / size);
        Real factor = map.gain * map.factor;
        for_each_vector([&](Index at, int lanes) {
            Vector h = map.normalise(load_lanes<Vector>(z + at, 1, lanes));
            Vector d = load_lanes<Vector>(y_gradient + at, 1, lanes) * map.gate_slope(h);
            store_lanes(z_gradient + at, 1, lanes, (d - mean - h * weighted_mean) * factor);
        });
    }
};

template <class Storage>
KernelStatus instance_norm_forward(const void* parameters, void* const* arrays) {
    InstanceNorm<Storage>(parameters, arrays).forward(static_cast<Storage*>(arrays[3]));
    return kSuccess;
}

template <class Storage>
KernelStatus instance_norm_backward(const void* parameters, void* const* arrays) {
    InstanceNorm<Storage>(parameters, arrays)
        .backward(static_cast<const Storage*>(arrays[3]), static_cast<Storage*>(arrays[4]),
                  static_cast<Storage*>(arrays[5]), static_cast<Storage*>(arrays[6]));
    return kSuccess;
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(instance_norm)[];
const KernelEntry POOLING_KERNEL_TABLE(instance_norm)[] = {
    POOLING_KERNEL("instance_norm_forward", InstanceNormParameters, 4, instance_norm_forward),
    POOLING_KERNEL("instance_norm_backward", InstanceNormParameters, 7, instance_norm_backward),
    {},
};
}  // namespace pooling
