// SPDX-License-Identifier: Apache-2.0
// Pooling of bytes where the channels lie side by side, as does what vectors hold.
#pragma once

#include "quantized_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Numbers of the grids, one an element for each channel, so that vectors of them can be read.
class ChannelGrids {
public:
    ChannelGrids(const PoolGrids* grids, Index channels, Index channel_step)
        : row_(channels + kSlack), memory_(4 * row_) {
        for (Index c = 0; memory_ && c < channels; c++) {
            const PoolGrids& g = grids[c * channel_step];
            memory_.get()[c] = static_cast<float>(g.scale);
            memory_.get()[row_ + c] = static_cast<float>(g.zero);
            memory_.get()[2 * row_ + c] = static_cast<float>(g.multiplier);
            memory_.get()[3 * row_ + c] = static_cast<float>(g.output_zero);
        }
    }

    explicit operator bool() const {
        return static_cast<bool>(memory_);
    }

    const float* scale() const {
        return memory_.get();
    }

    const float* zero() const {
        return memory_.get() + row_;
    }

    const float* multiplier() const {
        return memory_.get() + 2 * row_;
    }

    const float* output_zero() const {
        return memory_.get() + 3 * row_;
    }

private:
    Index row_;
    Scratch<float> memory_;
};

// Masked: of sequences; the mask is the array behind the grids.
template <class Byte, QuantizedKind Kind, bool Masked = false>
class QuantizedChannels {
public:
    QuantizedChannels(const QuantizedPoolParameters& p, void* const* arrays)
        : p_(p),
          x_(static_cast<const Byte*>(arrays[0])),
          grids_(static_cast<const PoolGrids*>(arrays[1]), p.geometry.channels, p.channel_step),
          mask_(Masked ? static_cast<const Byte*>(arrays[2]) : nullptr),
          y_(static_cast<Byte*>(arrays[Masked ? 3 : 2])) {}

    KernelStatus run() const {
        if (!grids_) {
            return kOutOfMemory;
        }
        const WindowGeometry& g = p_.geometry;
        Index work = 1;
        for (const WindowAxis& axis : g.axes) {
            work *= axis.kernel == 0 ? ceil_divide(axis.input, axis.output) : axis.kernel;
        }
        work *= g.axes[2].output * g.channels / 8 + 1;
        bool out_of_memory = false;
        parallel_ranges(g.batch * g.axes[0].output * g.axes[1].output, work, [&](Index begin, Index end) {
            Scratch<UInt8> codes(g.channels + kSlack);
            if (!codes) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            for (Index i = begin; i < end; i++) {
                Index height = i % g.axes[1].output;
                Index depth = i / g.axes[1].output % g.axes[0].output;
                Index batch = i / g.axes[1].output / g.axes[0].output;
                PoolCell cell;
                cell.axes[0] = AxisCell::of(g.axes[0], depth);
                cell.axes[1] = AxisCell::of(g.axes[1], height);
                Byte* y = y_ + batch * p_.y.batch + depth * p_.y.axes[0] + height * p_.y.axes[1];
                for (Index o = 0; o < g.axes[2].output; o++) {
                    const Byte* x = x_ + batch * p_.x.batch;
                    if constexpr (Masked) {
                        place(MaskedCell<Byte>(p_, o, mask_ + batch * p_.mask_batch), x, codes.get());
                    } else {
                        cell.axes[2] = AxisCell::of(g.axes[2], o);
                        place(cell, x, codes.get());
                    }
                    store_codes(y + o * p_.y.axes[2], p_.y.channel, g.channels, codes.get());
                }
            }
        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

private:
    static constexpr int kMostSummandsOf16Bits = 257;

    const QuantizedPoolParameters& p_;
    const Byte* x_;
    ChannelGrids grids_;
    const Byte* mask_;
    Byte* y_;

    // All channels of a cell.
    template <class Cell>
    void place(const Cell& cell, const Byte* x, UInt8* codes) const {
        constexpr Index kStep = Kind == kQuantizedMaximum ? kCodes : Kind == kQuantizedAverage ? kWide : kFloats;
        Index channels = p_.geometry.channels;
        for (Index c = 0; c < channels; c += kStep) {
            Index lanes = minimum(kStep, channels - c);
            if constexpr (Kind == kQuantizedMaximum) {
                maximum(cell, x + c, c, lanes, codes + c);
            } else if constexpr (Kind == kQuantizedAverage) {
                average(cell, x + c, c, lanes, codes + c);
            } else {
                soft(cell, x + c, c, lanes, codes + c);
            }
        }
    }

    static CodeLanes load_codes(const Byte* x, Index lanes) {
        CodeLanes v = lanes == kCodes ? load_unaligned<CodeLanes>(x) : load_first_codes(x, lanes);
        return v ^ ByteTraits<Byte>::kFlip;
    }

    // Fewer than a whole vector: its first bytes.
    template <class Codes>
    static Codes load_part(const Byte* x, Index lanes) {
        constexpr Index kLanes = sizeof(Codes);
        if (lanes == kLanes) {
            return load_unaligned<Codes>(x) ^ ByteTraits<Byte>::kFlip;
        }
        CodeLanes v = load_codes(x, lanes);
        return load_unaligned<Codes>(&v);
    }

    // steps(part): numbers of kFloats channels from the zero point.
    template <class Steps>
    POOLING_FUNCTION void round(Index c, Index lanes, UInt8* codes, const Steps& steps) const {
        for (Index part = 0; part < lanes; part += kFloats) {
            FloatLanes code = rounded_code(steps(part), load_lanes(grids_.multiplier() + c + part),
                                           load_lanes(grids_.output_zero() + c + part));
            store_unaligned(codes + part, codes_of(code));
        }
    }

    template <class Cell>
    void maximum(const Cell& cell, const Byte* x, Index c, Index lanes, UInt8* codes) const {
        CodeLanes largest = {};
        cell.for_each(p_.x, [&](Index offset) { largest = larger_of(largest, load_codes(x + offset, lanes)); });
        bool empty = cell.count() == 0;
        store_unaligned(codes, largest);
        if (p_.same_grids == 0 || empty) {
            round(c, lanes, codes, [&](Index part) {
                FloatLanes code = floats_of(load_unaligned<QuarterCodeLanes>(codes + part));
                return empty ? broadcast<FloatLanes>(0) : code - load_lanes(grids_.zero() + c + part);
            });
        }
    }

    POOLING_FUNCTION static void add_to(UInt32Lanes (&totals)[2], WideLanes sum) {
        UInt16 numbers[kWide];
        store_unaligned(numbers, sum);
        totals[0] += converted<UInt32Lanes>(load_unaligned<UInt16Lanes>(numbers));
        totals[1] += converted<UInt32Lanes>(load_unaligned<UInt16Lanes>(numbers + kFloats));
    }

    template <class Cell>
    void average(const Cell& cell, const Byte* x, Index c, Index lanes, UInt8* codes) const {
        WideLanes sum = {};
        UInt32Lanes totals[2] = {};
        int summands = 0;
        cell.for_each(p_.x, [&](Index offset) {
            sum += converted<WideLanes>(load_part<HalfCodeLanes>(x + offset, lanes));
            if (++summands == kMostSummandsOf16Bits) {
                add_to(totals, sum);
                sum = WideLanes{};
                summands = 0;
            }
        });
        add_to(totals, sum);
        Index count = cell.count();
        float share = share_of(p_, count, cell.padded_count());
        UInt32Lanes counts = UInt32Lanes{} + static_cast<UInt32>(count);
        round(c, lanes, codes, [&](Index part) {
            FloatLanes zero = load_lanes(grids_.zero() + c + part);
            UInt32Lanes zeros = converted<UInt32Lanes>(codes_of(zero)) * counts;
            return floats_of(totals[part / kFloats] - zeros) * share;
        });
    }

    template <class Cell>
    void soft(const Cell& cell, const Byte* x, Index c, Index lanes, UInt8* codes) const {
        CodeLanes most = {};
        cell.for_each(p_.x, [&](Index offset) { most = larger_of(most, load_codes(x + offset, lanes)); });
        FloatLanes largest = floats_of(load_unaligned<QuarterCodeLanes>(&most));
        FloatLanes scale = load_lanes(grids_.scale() + c);
        FloatLanes sum = {};
        FloatLanes weights = {};
        cell.for_each(p_.x, [&](Index offset) {
            FloatLanes code = floats_of(load_part<QuarterCodeLanes>(x + offset, lanes));
            FloatLanes weight = weight_of(code, largest, scale);
            sum += weight * code;
            weights += weight;
        });
        bool empty = cell.count() == 0;
        round(c, lanes, codes,
              [&](Index) { return empty ? broadcast<FloatLanes>(0) : sum / weights - load_lanes(grids_.zero() + c); });
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
