// SPDX-License-Identifier: Apache-2.0
// Forward and backward pass are the same sum over other elements: along each axis a result has a list of elements and
// weights. Rows of elements are added up first, then along the row. Every result is written by one thread.
#include "../kernels/blur_pool.h"

#include "kernel_table.h"
#include "lanes.h"
#include "scratch.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

struct Term {
    Index element;
    double weight;
};

// The terms of every result along an axis.
class Terms {
public:
    Terms(const WindowAxis& axis, Index padding, bool transposed)
        : results_(transposed ? axis.input : axis.output),
          elements_(transposed ? axis.output : axis.input),
          ends_(results_ + 1),
          terms_(axis.output * axis.kernel) {
        if (!*this) {
            return;
        }
        BinomialFilter filter(axis.kernel);
        // Once to count, once to place: terms of a result are in the order of the windows.
        for (Index i = 0; i <= results_; i++) {
            ends_.get()[i] = 0;
        }
        for (int pass = 0; pass < 2; pass++) {
            for (Index output = 0; output < axis.output; output++) {
                for (Index tap = 0; tap < axis.kernel; tap++) {
                    Index input = padded_place(window_start(axis, output) + tap, axis.input, padding);
                    if (input >= 0 && pass == 0) {
                        ends_.get()[(transposed ? input : output) + 1]++;
                    } else if (input >= 0) {
                        Index& end = ends_.get()[transposed ? input : output];
                        terms_.get()[end++] = {transposed ? output : input, filter.weight(tap)};
                    }
                }
            }
            if (pass == 0) {
                for (Index i = 0; i < results_; i++) {
                    ends_.get()[i + 1] += ends_.get()[i];
                }
            }
        }
    }

    explicit operator bool() const {
        return ends_ && terms_;
    }

    Index results() const {
        return results_;
    }

    Index elements() const {
        return elements_;
    }

    // Calls visit(element, weight).
    template <class Visit>
    void of(Index result, const Visit& visit) const {
        for (Index i = result == 0 ? 0 : ends_.get()[result - 1]; i < ends_.get()[result]; i++) {
            visit(terms_.get()[i].element, terms_.get()[i].weight);
        }
    }

private:
    Index results_;
    Index elements_;
    Scratch<Index> ends_;
    Scratch<Term> terms_;
};

template <class Storage>
class Blur {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();

    const WindowGeometry& g_;
    const Storage* from_;
    Storage* to_;
    const TensorStrides& from_strides_;
    const TensorStrides& to_strides_;
    Terms depth_;
    Terms rows_;
    Terms columns_;

public:
    Blur(const BlurParameters& p, void* const* arrays, bool transposed)
        : g_(p.geometry),
          from_(static_cast<const Storage*>(arrays[0])),
          to_(static_cast<Storage*>(arrays[1])),
          from_strides_(transposed ? p.y : p.x),
          to_strides_(transposed ? p.x : p.y),
          depth_(g_.axes[0], p.padding, transposed),
          rows_(g_.axes[1], p.padding, transposed),
          columns_(g_.axes[2], p.padding, transposed) {}

    KernelStatus run() const {
        if (!depth_ || !rows_ || !columns_) {
            return kOutOfMemory;
        }
        // Vectors hold channels where these lie side by side, else columns.
        bool across = from_strides_.channel == 1 && from_strides_.axes[2] != 1;
        Index blocks = across ? ceil_divide(g_.channels, kLanes) : g_.channels;
        Index of_block = across ? kLanes : 1;
        Index rows = g_.batch * blocks * depth_.results() * rows_.results();
        Index work = (columns_.elements() * g_.axes[1].kernel + columns_.results() * g_.axes[2].kernel) * of_block;
        bool out_of_memory = false;
        parallel_ranges(rows, work, [&](Index begin, Index end) {
            Scratch<Real> sums((columns_.elements() + kLanes) * of_block);
            if (!sums) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            for (Index i = begin; i < end; i++) {
                Index row = i % rows_.results();
                Index depth = i / rows_.results() % depth_.results();
                Index block = i / rows_.results() / depth_.results() % blocks;
                Index batch = i / rows_.results() / depth_.results() / blocks;
                if (across) {
                    one_row_of_channels(batch, block * kLanes, depth, row, sums.get());
                } else {
                    one_row(batch, block, depth, row, sums.get());
                }
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

private:
    static Index place(const TensorStrides& s, Index batch, Index channel, Index depth, Index row) {
        return batch * s.batch + channel * s.channel + depth * s.axes[0] + row * s.axes[1];
    }

    // Calls visit(row of elements, weight).
    template <class Visit>
    void for_each_row(Index batch, Index channel, Index depth, Index row, const Visit& visit) const {
        depth_.of(depth, [&](Index d, double depth_weight) {
            rows_.of(row, [&](Index r, double row_weight) {
                visit(from_ + place(from_strides_, batch, channel, d, r), static_cast<Real>(depth_weight * row_weight));
            });
        });
    }

    void one_row(Index batch, Index channel, Index depth, Index row, Real* sums) const {
        Index elements = columns_.elements();
        Index stride = from_strides_.axes[2];
        for (Index i = 0; i < elements; i += kLanes) {
            store_lanes(sums + i, broadcast<Vector>(0));
        }
        for_each_row(batch, channel, depth, row, [&](const Storage* from, Real weight) {
            for (Index i = 0; i < elements; i += kLanes) {
                int count = static_cast<int>(minimum(kLanes, elements - i));
                Vector x = load_lanes<Vector>(from + i * stride, stride, count);
                store_lanes(sums + i, load_lanes(sums + i) + x * weight);
            }
        });
        Storage* to = to_ + place(to_strides_, batch, channel, depth, row);
        for (Index i = 0; i < columns_.results(); i++) {
            Real sum = 0;
            columns_.of(i, [&](Index element, double weight) { sum += sums[element] * static_cast<Real>(weight); });
            store(to + i * to_strides_.axes[2], sum);
        }
    }

    void one_row_of_channels(Index batch, Index channel, Index depth, Index row, Real* sums) const {
        int count = static_cast<int>(minimum(kLanes, g_.channels - channel));
        Index elements = columns_.elements();
        for (Index i = 0; i < elements; i++) {
            store_lanes(sums + i * kLanes, broadcast<Vector>(0));
        }
        for_each_row(batch, channel, depth, row, [&](const Storage* from, Real weight) {
            for (Index i = 0; i < elements; i++) {
                Vector x = load_lanes<Vector>(from + i * from_strides_.axes[2], from_strides_.channel, count);
                store_lanes(sums + i * kLanes, load_lanes(sums + i * kLanes) + x * weight);
            }
        });
        Storage* to = to_ + place(to_strides_, batch, channel, depth, row);
        for (Index i = 0; i < columns_.results(); i++) {
            Vector sum = broadcast<Vector>(0);
            columns_.of(i, [&](Index element, double weight) {
                sum += load_lanes(sums + element * kLanes) * static_cast<Real>(weight);
            });
            store_lanes(to + i * to_strides_.axes[2], to_strides_.channel, count, sum);
        }
    }
};

template <class Storage>
KernelStatus blur_forward(const void* parameters, void* const* arrays) {
    return Blur<Storage>(*static_cast<const BlurParameters*>(parameters), arrays, false).run();
}

template <class Storage>
KernelStatus blur_backward(const void* parameters, void* const* arrays) {
    return Blur<Storage>(*static_cast<const BlurParameters*>(parameters), arrays, true).run();
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(blur_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(blur_pool)[] = {
    POOLING_KERNEL("blur_pool_forward", BlurParameters, 2, blur_forward),
    POOLING_KERNEL("blur_pool_backward", BlurParameters, 2, blur_backward),
    {},
};
}  // namespace pooling
