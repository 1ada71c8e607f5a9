// SPDX-License-Identifier: Apache-2.0
#include "../kernels/ada_unpool.h"

#include "kernel_table.h"
#include "cells.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

// One element of a cell, seen from the element or from the cell: where the other one is, and its weight. Neither
// depends on the channel.
template <class Real>
struct Tap {
    Index offset;
    UnpoolWeight<Real> weight;
};

template <class Lanes>
POOLING_FUNCTION auto lane_of(const Lanes& lanes, int lane) {
    if constexpr (lane_count<Lanes>() == 1) {
        return lanes;
    } else {
        return lanes[lane];
    }
}

template <class Storage>
class AdaUnpool {
public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;

    // Arrays: x, beta, masks, plan.
    AdaUnpool(const void* parameters, void* const* arrays)
        : p_(*static_cast<const AdaUnpoolParameters*>(parameters)),
          plan_{static_cast<const Index*>(arrays[4]), 0},
          level_(plan_.level(0)),
          heights_(plan_.ranges(level_, 1, 0)),
          widths_(plan_.ranges(level_, 2, 0)),
          x_(static_cast<const Storage*>(arrays[0])),
          weights_{p_,
                   heights_,
                   widths_,
                   static_cast<const Storage*>(arrays[1]),
                   {static_cast<const Storage*>(arrays[2]), static_cast<const Storage*>(arrays[3])}} {}

    KernelStatus forward(Storage* y) const {
        const TensorStrides& s = level_.y.strides;
        Index rows = level_.output[1];
        bool out_of_memory = false;
        parallel_ranges(p_.map.batch * rows, p_.map.channels * level_.output[2], [&](Index begin, Index end) {
            Taps taps(level_.output[2], most_rows() * pairs_of_columns());
            if (!taps.has_memory()) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            for (Index i = begin; i < end; i++) {
                Index batch = i / rows;
                Index height = i % rows;
                list_elements(batch, height, taps);
                Storage* row = y + batch * s.batch + height * s.axes[1];
                const Storage* from = x_ + batch * p_.map.x.batch;
                // At half the size neither the sums nor the result of finite elements overflow.
                each_channel(taps, level_.output[2], [&](Index width, Index c, int lanes, const auto& sum) {
                    auto half = sum(from + c * p_.map.x.channel, p_.map.x.channel, lanes,
                                    [](const Tap<Real>& tap) { return tap.weight.value / 2; });
                    store_lanes(row + width * s.axes[2] + c * s.channel, s.channel, lanes, twice(half));
                });
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    KernelStatus backward(const Storage* y_gradient, Storage* x_gradient, const TensorStrides& s,
                          Storage* beta_gradient, const Index* beta_strides) const {
        Index columns = p_.map.input[2];
        Index work = p_.map.batch * p_.map.channels * columns * (level_.output[1] / p_.map.input[1] + 1);
        bool out_of_memory = false;
        parallel_ranges(p_.map.input[1], work, [&](Index begin, Index end) {
            Taps taps(columns, most_cells_over_a_row() * pairs_of_columns());
            Scratch<double> sums(columns);
            if (!taps.has_memory() || !sums) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            for (Index height = begin; height < end; height++) {
                for (Index w = 0; w < columns; w++) {
                    sums.get()[w] = 0;
                }
                for (Index batch = 0; batch < p_.map.batch; batch++) {
                    list_cells(batch, height, taps);
                    const TensorStrides& in = p_.map.x;
                    const Storage* from = y_gradient + batch * level_.y.strides.batch;
                    const Storage* x = x_ + batch * in.batch + height * in.axes[1];
                    Storage* row = x_gradient + batch * s.batch + height * s.axes[1];
                    each_channel(taps, columns, [&](Index width, Index c, int lanes, const auto& sum) {
                        Index step = level_.y.strides.channel;
                        auto g =
                            sum(from + c * step, step, lanes, [](const Tap<Real>& tap) { return tap.weight.value; });
                        store_lanes(row + width * s.axes[2] + c * s.channel, s.channel, lanes, g);
                        auto by_beta =
                            sum(from + c * step, step, lanes, [](const Tap<Real>& tap) { return tap.weight.by_beta; });
                        const Storage* elements = x + width * in.axes[2] + c * in.channel;
                        for (int lane = 0; lane < lanes; lane++) {
                            sums.get()[width] += static_cast<double>(load(elements + lane * in.channel)) *
                                                 static_cast<double>(lane_of(by_beta, lane));
                        }
                    });
                }
                for (Index w = 0; w < columns; w++) {
                    store(beta_gradient + height * beta_strides[0] + w * beta_strides[1],
                          static_cast<Real>(sums.get()[w]));
                }
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

private:
    // Taps of all places of a row, one place behind the other.
    class Taps {
    public:
        Taps(Index places, Index most) : taps_(most), ends_(places) {}

        bool has_memory() const {
            return taps_ && ends_;
        }

        void clear() {
            places_ = 0;
            count_ = 0;
        }

        void add(const Tap<Real>& tap) {
            taps_.get()[count_++] = tap;
        }

        void end_place() {
            ends_.get()[places_++] = count_;
        }

        Range of(Index place) const {
            return {place == 0 ? 0 : ends_.get()[place - 1], ends_.get()[place]};
        }

        const Tap<Real>& operator[](Index i) const {
            return taps_.get()[i];
        }

    private:
        Scratch<Tap<Real>> taps_;
        Scratch<Index> ends_;
        Index places_ = 0;
        Index count_ = 0;
    };

    const AdaUnpoolParameters& p_;
    CellPlan plan_;
    const CellLevel& level_;
    const CellRange* heights_;
    const CellRange* widths_;
    const Storage* x_;
    UnpoolWeights<Storage> weights_;

    Index pairs_of_columns() const {
        Index pairs = 0;
        for (Index o = 0; o < level_.output[2]; o++) {
            pairs += widths_[o].end - widths_[o].begin;
        }
        return pairs;
    }

    Index most_rows() const {
        Index most = 0;
        for (Index o = 0; o < level_.output[1]; o++) {
            most = maximum(most, heights_[o].end - heights_[o].begin);
        }
        return most;
    }

    Index most_cells_over_a_row() const {
        Index most = 0;
        for (Index h = 0; h < p_.map.input[1]; h++) {
            most = maximum(most, cells_over(heights_, level_.output[1], h).size());
        }
        return most;
    }

    // Elements of each cell of an output row.
    void list_elements(Index batch, Index height, Taps& taps) const {
        taps.clear();
        for (Index o = 0; o < level_.output[2]; o++) {
            for (Index h = heights_[height].begin; h < heights_[height].end; h++) {
                for (Index w = widths_[o].begin; w < widths_[o].end; w++) {
                    taps.add({h * p_.map.x.axes[1] + w * p_.map.x.axes[2], weights_.of(batch, h, w, height, o)});
                }
            }
            taps.end_place();
        }
    }

    // Cells over each element of an input row.
    void list_cells(Index batch, Index height, Taps& taps) const {
        const TensorStrides& s = level_.y.strides;
        Range rows = cells_over(heights_, level_.output[1], height);
        taps.clear();
        for (Index w = 0; w < p_.map.input[2]; w++) {
            Range columns = cells_over(widths_, level_.output[2], w);
            for (Index h = rows.begin; h < rows.end; h++) {
                for (Index o = columns.begin; o < columns.end; o++) {
                    taps.add({h * s.axes[1] + o * s.axes[2], weights_.of(batch, height, w, h, o)});
                }
            }
            taps.end_place();
        }
    }

    // Calls function(place, first channel, number of them, weighted sum over the place's taps): a vector of channels at
    // once where they lie side by side, else channel after channel.
    template <class Function>
    void each_channel(const Taps& taps, Index places, const Function& function) const {
        if (MapView{p_.map.batch, p_.map.channels, p_.map.input, p_.map.x}.channels_last()) {
            each_lanes<Vector>(taps, places, function);
        } else {
            each_lanes<Real>(taps, places, function);
        }
    }

    template <class Lanes, class Function>
    void each_lanes(const Taps& taps, Index places, const Function& function) const {
        for_each_vector<Lanes>(p_.map.channels, [&](Index c, int lanes) {
            for (Index place = 0; place < places; place++) {
                function(place, c, lanes, [&](const Storage* from, Index stride, int count, const auto& weight) {
                    Range range = taps.of(place);
                    Lanes sum = broadcast<Lanes>(0);
                    for (Index i = range.begin; i < range.end; i++) {
                        sum += load_lanes<Lanes>(from + taps[i].offset, stride, count) * weight(taps[i]);
                    }
                    return sum;
                });
            }
        });
    }
};

template <class Storage>
KernelStatus forward(const void* parameters, void* const* arrays) {
    return AdaUnpool<Storage>(parameters, arrays).forward(static_cast<Storage*>(arrays[5]));
}

template <class Storage>
KernelStatus backward(const void* parameters, void* const* arrays) {
    const AdaUnpoolBackwardParameters& p = *static_cast<const AdaUnpoolBackwardParameters*>(parameters);
    return AdaUnpool<Storage>(&p.unpool, arrays)
        .backward(static_cast<const Storage*>(arrays[5]), static_cast<Storage*>(arrays[6]), p.x_gradient,
                  static_cast<Storage*>(arrays[7]), p.beta_gradient);
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(ada_unpool)[];
const KernelEntry POOLING_KERNEL_TABLE(ada_unpool)[] = {
    POOLING_KERNEL("ada_unpool_forward", AdaUnpoolParameters, 6, forward),
    POOLING_KERNEL("ada_unpool_backward", AdaUnpoolBackwardParameters, 8, backward),
    {},
};

}  // namespace pooling
