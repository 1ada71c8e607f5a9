// SPDX-License-Identifier: Apache-2.0
// Windows are taken in tiles. The samples of a tile are gathered, for all channels and taps, and multiplied by the
// weights; never those of a whole image. Forward pass: one item of work a tile. Gradients of map, offsets and masks: an
// item is an image, that of the weights: some channels, over all images. No sum depends on the number of threads.
#include "../kernels/deformable_convolution.h"

#include "kernel_table.h"
#include "lanes.h"
#include "scratch.h"
#include "threads.h"
#include "tile_product.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

// Corners of a sample that have a part in it.
template <class Real>
struct Corners {
    Index count;
    Index offsets[4];  // in a plane of the map
    Real weights[4];
};

template <class Storage>
class DeformableConvolution {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef typename LanesOf<Real>::Vector Vector;
    static constexpr Index kLanes = lane_count<Vector>();
    static constexpr Index kTileVectors = 8;
    static constexpr Index kBlockChannels = 4;  // of an item of the weights' gradient

    typedef DeformableConvolutionParameters Parameters;

    const Parameters& p_;
    const DeformableParameters& places_;
    void* const* arrays_;
    Index taps_;
    Index windows_;
    Index tile_;   // windows, a multiple of the lanes
    Index tiles_;  // of an image

public:
    DeformableConvolution(const void* parameters, void* const* arrays)
        : p_(*static_cast<const Parameters*>(parameters)),
          places_(p_.places),
          arrays_(arrays),
          taps_(places_.kernel_size()),
          windows_(p_.windows()),
          tile_(minimum(kTileVectors, ceil_divide(windows_, kLanes)) * kLanes),
          tiles_(ceil_divide(windows_, tile_)) {}

    KernelStatus forward() const {
        Scratch<Real> weights(p_.outputs * p_.terms());
        if (!weights) {
            return kOutOfMemory;
        }
        read_weights(weights.get(), false);
        Index channels = places_.geometry.channels;
        bool out_of_memory = false;
        parallel_ranges(places_.geometry.batch * tiles_, p_.outputs * p_.terms() * tile_, [&](Index begin, Index end) {
            Scratch<Corners<Real>> corners(taps_ * tile_);
            Scratch<Real> samples(channels * taps_ * tile_);
            Scratch<Real> results(p_.outputs * tile_);
            if (!corners || !samples || !results) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            for (Index i = begin; i < end; i++) {
                Index batch = i / tiles_;
                Index first = i % tiles_ * tile_;
                gather(batch, first, {0, channels}, corners.get(), samples.get());
                for (Index group = 0; group < p_.groups; group++) {
                    Index output = group * p_.group_outputs();
                    multiply_tile(weights.get() + output * p_.terms(), p_.group_outputs(), p_.terms(),
                                  samples.get() + group * p_.terms() * tile_, results.get() + output * tile_, tile_);
                }
                write_results(batch, first, results.get());
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    KernelStatus backward() const {
        KernelStatus status = input_gradients();
        if (status == kSuccess) {
            status = weight_gradient();
        }
        if (status == kSuccess && arrays_[9] != nullptr) {
            bias_gradient();
        }
        return status;
    }

private:
    const Storage* x() const {
        return static_cast<const Storage*>(arrays_[0]);
    }

    DeformedWindows<Storage> places_of(Index batch, Index group) const {
        return {places_, static_cast<const Storage*>(arrays_[1]), static_cast<const Storage*>(arrays_[2]), batch,
                group};
    }

    // Dense: output by output, or transposed within each group of the convolution.
    void read_weights(Real* to, bool transposed) const {
        const Storage* from = static_cast<const Storage*>(arrays_[3]);
        Index outputs = p_.group_outputs();
        for (Index output = 0; output < p_.outputs; output++) {
            Index group = output / outputs;
            for (Index term = 0; term < p_.terms(); term++) {
                Index place =
                    transposed ? (group * p_.terms() + term) * outputs + output % outputs : output * p_.terms() + term;
                to[place] = load(from + p_.weight_place(p_.weights, output, term / taps_, term % taps_));
            }
        }
    }

    Index count_of(Index first) const {
        return minimum(tile_, windows_ - first);
    }

    DeformedSample sample(const DeformedWindows<Storage>& places, Index window, Index tap) const {
        Index columns = places_.columns().output;
        return places.sample(window / columns, window % columns, tap);
    }

    Corners<Real> corners_of(const DeformedSample& s) const {
        Corners<Real> corners = {};
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                double weight = part(s.row.weight[i] * s.column.weight[j], s.mask);
                if (weight != 0) {
                    corners.offsets[corners.count] =
                        (s.row.low + i) * places_.x.axes[1] + (s.column.low + j) * places_.x.axes[2];
                    corners.weights[corners.count++] = static_cast<Real>(weight);
                }
            }
        }
        return corners;
    }

    // samples[channel][tap][window] of some channels and a tile.
    void gather(Index batch, Index first, Range channels, Corners<Real>* corners, Real* samples) const {
        Index count = count_of(first);
        Index of_group = places_.group_channels();
        for (Index c = channels.begin; c < channels.end; c++) {
            if (c == channels.begin || c % of_group == 0) {
                DeformedWindows<Storage> places = places_of(batch, c / of_group);
                for (Index tap = 0; tap < taps_; tap++) {
                    for (Index t = 0; t < count; t++) {
                        corners[tap * tile_ + t] = corners_of(sample(places, first + t, tap));
                    }
                }
            }
            const Storage* plane = x() + batch * places_.x.batch + c * places_.x.channel;
            for (Index tap = 0; tap < taps_; tap++, samples += tile_) {
                for (Index t = 0; t < tile_; t++) {
                    Real sum = 0;
                    for (Index i = 0; t < count && i < corners[tap * tile_ + t].count; i++) {
                        sum += load(plane + corners[tap * tile_ + t].offsets[i]) * corners[tap * tile_ + t].weights[i];
                    }
                    samples[t] = sum;
                }
            }
        }
    }

    Index place_of_output(Index batch, Index output, Index window) const {
        Index columns = places_.columns().output;
        return place_in(places_.y, batch, output, window / columns, window % columns);
    }

    void write_results(Index batch, Index first, const Real* results) const {
        const Storage* bias = static_cast<const Storage*>(arrays_[4]);
        Storage* y = static_cast<Storage*>(arrays_[5]);
        for (Index output = 0; output < p_.outputs; output++) {
            Real added = bias == nullptr ? Real(0) : load(bias + output * p_.bias);
            for (Index t = 0; t < count_of(first); t++) {
                store(y + place_of_output(batch, output, first + t), results[output * tile_ + t] + added);
            }
        }
    }

    // gradients[output][window] of a tile.
    void read_gradients(Index batch, Index first, Range outputs, Real* gradients) const {
        const Storage* y = static_cast<const Storage*>(arrays_[4]);
        for (Index output = outputs.begin; output < outputs.end; output++, gradients += tile_) {
            for (Index t = 0; t < tile_; t++) {
                gradients[t] = t < count_of(first) ? load(y + place_of_output(batch, output, first + t)) : Real(0);
            }
        }
    }

    KernelStatus input_gradients() const {
        Scratch<Real> weights(p_.outputs * p_.terms());
        if (!weights) {
            return kOutOfMemory;
        }
        read_weights(weights.get(), true);
        Index channels = places_.geometry.channels;
        Index positions = places_.rows().input * places_.columns().input;
        bool out_of_memory = false;
        parallel_ranges(places_.geometry.batch, p_.outputs * p_.terms() * windows_ + channels * positions,
                        [&](Index begin, Index end) {
                            Scratch<Real> map(channels * positions);
                            Scratch<Real> gradients(p_.outputs * tile_);
                            Scratch<Real> of_samples(channels * taps_ * tile_);
                            if (!map || !gradients || !of_samples) {
                                out_of_memory = true;
                                return;
                            }
                            for (Index batch = begin; batch < end; batch++) {
                                for (Index i = 0; i < channels * positions; i++) {
                                    map.get()[i] = 0;
                                }
                                for (Index first = 0; first < windows_; first += tile_) {
                                    read_gradients(batch, first, {0, p_.outputs}, gradients.get());
                                    for (Index group = 0; group < p_.groups; group++) {
                                        Index terms = group * p_.terms();
                                        multiply_tile(weights.get() + terms * p_.group_outputs(), p_.terms(),
                                                      p_.group_outputs(),
                                                      gradients.get() + group * p_.group_outputs() * tile_,
                                                      of_samples.get() + terms * tile_, tile_);
                                    }
                                    spread(batch, first, of_samples.get(), map.get());
                                }
                                write_map(batch, map.get());
                            }
                        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    // Gradients of a tile's samples to those of the map, the offsets and the masks; channels in their order.
    void spread(Index batch, Index first, const Real* of_samples, Real* map) const {
        Index width = places_.columns().input;
        Index positions = places_.rows().input * width;
        Index columns = places_.columns().output;
        Storage* offsets = static_cast<Storage*>(arrays_[6]);
        Storage* masks = static_cast<Storage*>(arrays_[7]);
        for (Index group = 0; group < places_.groups; group++) {
            DeformedWindows<Storage> places = places_of(batch, group);
            Index begin = group * places_.group_channels();
            for (Index tap = 0; tap < taps_; tap++) {
                for (Index t = 0; t < count_of(first); t++) {
                    DeformedSample s = sample(places, first + t, tap);
                    double sums[2][2] = {{0, 0}, {0, 0}};
                    for (Index c = begin; c < begin + places_.group_channels() && s.is_inside(); c++) {
                        Real gradient = of_samples[(c * taps_ + tap) * tile_ + t];
                        const Storage* plane = x() + batch * places_.x.batch + c * places_.x.channel;
                        for (int i = 0; i < 2; i++) {
                            for (int j = 0; j < 2; j++) {
                                if (s.row.slope[i] != 0 && s.column.slope[j] != 0) {
                                    Index row = s.row.low + i;
                                    Index column = s.column.low + j;
                                    double weight = part(s.row.weight[i] * s.column.weight[j], s.mask);
                                    if (weight != 0) {
                                        map[c * positions + row * width + column] +=
                                            gradient * static_cast<Real>(weight);
                                    }
                                    sums[i][j] += static_cast<double>(
                                        load(plane + row * places_.x.axes[1] + column * places_.x.axes[2]) * gradient);
                                }
                            }
                        }
                    }
                    SampleGradient result(s, sums, 1);
                    Index row = (first + t) / columns;
                    Index column = (first + t) % columns;
                    Index channel = group * taps_ + tap;
                    Storage* target = offsets + place_in(places_.offset_gradient, batch, 2 * channel, row, column);
                    store(target, static_cast<Real>(result.by_row));
                    store(target + places_.offset_gradient.channel, static_cast<Real>(result.by_column));
                    if (masks != nullptr) {
                        store(masks + place_in(places_.mask_gradient, batch, channel, row, column),
                              static_cast<Real>(result.by_mask));
                    }
                }
            }
        }
    }

    void write_map(Index batch, const Real* map) const {
        Storage* to = static_cast<Storage*>(arrays_[5]);
        for (Index c = 0; c < places_.geometry.channels; c++) {
            for (Index row = 0; row < places_.rows().input; row++) {
                for (Index column = 0; column < places_.columns().input; column++) {
                    store(to + place_in(places_.x_gradient, batch, c, row, column), *map++);
                }
            }
        }
    }

    KernelStatus weight_gradient() const {
        Index blocks = ceil_divide(p_.group_inputs(), kBlockChannels);
        Index outputs = p_.group_outputs();
        Index rows = kBlockChannels * taps_;
        Index work = outputs * rows * windows_ * places_.geometry.batch;
        bool out_of_memory = false;
        parallel_ranges(p_.groups * blocks, work, [&](Index begin, Index end) {
            Scratch<Corners<Real>> corners(taps_ * tile_);
            Scratch<Real> samples(rows * tile_);
            Scratch<Real> gradients(outputs * tile_);
            Scratch<Real> sums(outputs * rows * kLanes);
            if (!corners || !samples || !gradients || !sums) {
                out_of_memory = true;
                return;
            }
            for (Index i = begin; i < end; i++) {
                Index group = i / blocks;
                Index first = i % blocks * kBlockChannels;
                Range inputs = {first, minimum(p_.group_inputs(), first + kBlockChannels)};
                weight_gradient_of(group, inputs, corners.get(), samples.get(), gradients.get(), sums.get());
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

    // Of some channels of a group. A lane adds up its windows, tile by tile; then lanes are added.
    void weight_gradient_of(Index group, Range inputs, Corners<Real>* corners, Real* samples, Real* gradients,
                            Real* sums) const {
        Index outputs = p_.group_outputs();
        Index rows = inputs.size() * taps_;
        Index begin = group * p_.group_inputs();
        for (Index i = 0; i < outputs * rows * kLanes; i += kLanes) {
            store_lanes(sums + i, broadcast<Vector>(0));
        }
        for (Index batch = 0; batch < places_.geometry.batch; batch++) {
            for (Index first = 0; first < windows_; first += tile_) {
                gather(batch, first, {begin + inputs.begin, begin + inputs.end}, corners, samples);
                read_gradients(batch, first, {group * outputs, (group + 1) * outputs}, gradients);
                for (Index output = 0; output < outputs; output++) {
                    for (Index row = 0; row < rows; row++) {
                        Vector sum = load_lanes(sums + (output * rows + row) * kLanes);
                        for (Index t = 0; t < tile_; t += kLanes) {
                            sum += load_lanes(gradients + output * tile_ + t) * load_lanes(samples + row * tile_ + t);
                        }
                        store_lanes(sums + (output * rows + row) * kLanes, sum);
                    }
                }
            }
        }
        Storage* to = static_cast<Storage*>(arrays_[8]);
        for (Index output = 0; output < outputs; output++) {
            for (Index row = 0; row < rows; row++) {
                double sum = 0;
                for (Index lane = 0; lane < kLanes; lane++) {
                    sum += static_cast<double>(sums[(output * rows + row) * kLanes + lane]);
                }
                store(to + p_.weight_place(p_.weights_gradient, group * outputs + output, inputs.begin + row / taps_,
                                           row % taps_),
                      static_cast<Real>(sum));
            }
        }
    }

    void bias_gradient() const {
        const Storage* y = static_cast<const Storage*>(arrays_[4]);
        Storage* to = static_cast<Storage*>(arrays_[9]);
        parallel_ranges(p_.outputs, places_.geometry.batch * windows_, [&](Index begin, Index end) {
            for (Index output = begin; output < end; output++) {
                double sum = 0;
                for (Index batch = 0; batch < places_.geometry.batch; batch++) {
                    for (Index window = 0; window < windows_; window++) {
                        sum += static_cast<double>(load(y + place_of_output(batch, output, window)));
                    }
                }
                store(to + output * p_.bias_gradient, static_cast<Real>(sum));
            }
        });
    }
};

template <class Storage>
KernelStatus convolution_forward(const void* parameters, void* const* arrays) {
    return DeformableConvolution<Storage>(parameters, arrays).forward();
}

template <class Storage>
KernelStatus convolution_backward(const void* parameters, void* const* arrays) {
    return DeformableConvolution<Storage>(parameters, arrays).backward();
}

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(deformable_convolution)[];
const KernelEntry POOLING_KERNEL_TABLE(deformable_convolution)[] = {
    POOLING_KERNEL("deformable_convolution_forward", DeformableConvolutionParameters, 6, convolution_forward),
    POOLING_KERNEL("deformable_convolution_backward", DeformableConvolutionParameters, 10, convolution_backward),
    {},
};
}  // namespace pooling
