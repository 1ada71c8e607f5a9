// SPDX-License-Identifier: Apache-2.0
// Pooling of bytes where the channels do not lie side by side. A row of outputs is computed at once: the rows of the
// windows are put together column by column, in vectors along the whole width, then the columns of each window.
#pragma once

#include "../kernels/quantized_pool.h"
#include "byte_lanes.h"
#include "kernel_table.h"
#include "scratch.h"
#include "threads.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

enum QuantizedKind { kQuantizedMaximum, kQuantizedAverage, kQuantizedSoft };

// Elements behind the end of a buffer that whole vectors may read or write.
constexpr Index kSlack = 4 * kVectorBytes;

// Bytes of a row as codes.
template <class Byte, class Function>
POOLING_FUNCTION void for_each_code_vector(const Byte* x, Index stride, Index count, const Function& function) {
    for (Index i = 0; i < count; i += kCodes) {
        Index lanes = minimum(kCodes, count - i);
        CodeLanes v;
        if (stride == 1) {
            v = lanes == kCodes ? load_unaligned<CodeLanes>(x + i) : load_first_codes(x + i, lanes);
        } else {
            UInt8 bytes[kCodes] = {};
            for (Index lane = 0; lane < lanes; lane++) {
                bytes[lane] = x[(i + lane) * stride].bits;
            }
            v = load_unaligned<CodeLanes>(bytes);
        }
        function(i, v ^ ByteTraits<Byte>::kFlip);
    }
}

template <class Byte>
POOLING_FUNCTION void store_codes(Byte* y, Index stride, Index count, const UInt8* codes) {
    if (stride == 1) {
        for (Index i = 0; i < count; i += kCodes) {
            CodeLanes v = load_unaligned<CodeLanes>(codes + i) ^ ByteTraits<Byte>::kFlip;
            store_first_codes(y + i, minimum(kCodes, count - i), v);
        }
        return;
    }
    for (Index i = 0; i < count; i++) {
        y[i * stride] = byte_of<Byte>(codes[i]);
    }
}

// Elements `stride` apart as lanes of numbers; those behind `lanes` may be anything.
POOLING_FUNCTION UInt32Lanes apart(const UInt16* p, Index stride, Index lanes) {
    if (stride == 1) {
        return converted<UInt32Lanes>(load_unaligned<UInt16Lanes>(p));
    }
    if (stride == 2) {
        return load_unaligned<UInt32Lanes>(p) & 0xffffu;
    }
    UInt32 elements[kFloats] = {};
    for (Index i = 0; i < lanes; i++) {
        elements[i] = p[i * stride];
    }
    return load_unaligned<UInt32Lanes>(elements);
}

POOLING_FUNCTION UInt32Lanes apart(const UInt32* p, Index stride, Index lanes) {
    UInt32 elements[kFloats] = {};
    for (Index i = 0; i < lanes; i++) {
        elements[i] = p[i * stride];
    }
    return load_unaligned<UInt32Lanes>(elements);
}

POOLING_FUNCTION WideLanes wide_apart(const UInt8* p, Index stride, Index lanes) {
    if (stride == 1) {
        return converted<WideLanes>(load_unaligned<HalfCodeLanes>(p));
    }
    if (stride == 2) {
        return load_unaligned<WideLanes>(p) & UInt16(0xff);
    }
    UInt16 elements[kWide] = {};
    for (Index i = 0; i < lanes; i++) {
        elements[i] = p[i * stride];
    }
    return load_unaligned<WideLanes>(elements);
}

POOLING_FUNCTION FloatLanes floats_apart(const UInt8* p, Index stride, Index lanes) {
    if (stride == 1) {
        return floats_of(load_unaligned<QuarterCodeLanes>(p));
    }
    if (stride == 2) {
        return floats_of(converted<UInt32Lanes>(load_unaligned<UInt16Lanes>(p)) & 0xffu);
    }
    float elements[kFloats] = {};
    for (Index i = 0; i < lanes; i++) {
        elements[i] = static_cast<float>(p[i * stride]);
    }
    return load_unaligned<FloatLanes>(elements);
}

template <class Sum>
POOLING_FUNCTION UInt32 sum_of_columns(const Sum* columns, Index count, Index step) {
    UInt32 sum = 0;
    Index i = 0;
    if (step == 1 && count >= 2 * kFloats) {
        UInt32Lanes sums = {};
        for (; i + kFloats <= count; i += kFloats) {
            sums += apart(columns + i, 1, kFloats);
        }
        for (int lane = 0; lane < kFloats; lane++) {
            sum += sums[lane];
        }
    }
    for (; i < count; i++) {
        sum += columns[i * step];
    }
    return sum;
}

template <class Byte, QuantizedKind Kind>
class QuantizedRows {
public:
    QuantizedRows(const QuantizedPoolParameters& p, void* const* arrays)
        : p_(p),
          width_(p.geometry.axes[2]),
          inside_(width_.kernel == 0 ? Range{0, 0} : interior_windows(width_)),
          x_(static_cast<const Byte*>(arrays[0])),
          grids_(static_cast<const PoolGrids*>(arrays[1])),
          y_(static_cast<Byte*>(arrays[2])) {}

    KernelStatus run() const {
        const WindowGeometry& g = p_.geometry;
        Index rows = most_rows();
        Index columns = (Kind == kQuantizedSoft ? rows : 1) * (width_.input + kSlack);
        bool out_of_memory = false;
        parallel_ranges(g.batch * g.channels * g.axes[0].output * g.axes[1].output, rows * width_.input,
                        [&](Index begin, Index end) {
                            Scratch<UInt32> column_memory(columns);
                            Scratch<float> results(width_.output + kSlack);
                            Scratch<UInt8> codes(width_.output + kSlack);
                            if (!column_memory || !results || !codes) {
                                out_of_memory = true;  // every thread writes the same value
                                return;
                            }
                            for (Index i = begin; i < end; i++) {
                                row(i, column_memory.get(), results.get(), codes.get());
                            }
                        });
        return out_of_memory ? kOutOfMemory : kSuccess;
    }

private:
    static constexpr Index kMostRowsOf16Bits = 257;

    const QuantizedPoolParameters& p_;
    const WindowAxis& width_;
    Range inside_;  // windows without padding
    const Byte* x_;
    const PoolGrids* grids_;
    Byte* y_;

    // Rows of a cell.
    Index most_rows() const {
        Index rows = 1;
        for (int a = 0; a < 2; a++) {
            const WindowAxis& axis = p_.geometry.axes[a];
            rows *= axis.kernel == 0 ? ceil_divide(axis.input, axis.output) + 1 : axis.kernel;
        }
        return rows;
    }

    void row(Index number, void* columns, float* results, UInt8* codes) const {
        const WindowGeometry& g = p_.geometry;
        PoolCell cell;
        Index height = number % g.axes[1].output;
        number /= g.axes[1].output;
        Index depth = number % g.axes[0].output;
        number /= g.axes[0].output;
        Index channel = number % g.channels;
        Index batch = number / g.channels;
        cell.axes[0] = AxisCell::of(g.axes[0], depth);
        cell.axes[1] = AxisCell::of(g.axes[1], height);
        const Byte* x = x_ + batch * p_.x.batch + channel * p_.x.channel;
        Byte* y = y_ + batch * p_.y.batch + channel * p_.y.channel + depth * p_.y.axes[0] + height * p_.y.axes[1];
        const PoolGrids& grids = grids_[channel * p_.channel_step];
        if constexpr (Kind == kQuantizedMaximum) {
            maximum_row(cell, x, static_cast<UInt8*>(columns), static_cast<UInt8>(grids.zero), codes);
            if (p_.same_grids == 0) {
                round_codes(PoolRounding::of(grids), codes);
            }
        } else {
            if constexpr (Kind == kQuantizedSoft) {
                soft_row(cell, x, static_cast<UInt8*>(columns), grids, results);
            } else if (cell.axes[0].count * cell.axes[1].count <= kMostRowsOf16Bits) {
                average_row(cell, x, static_cast<UInt16*>(columns), grids, results);
            } else {
                average_row(cell, x, static_cast<UInt32*>(columns), grids, results);
            }
            round_results(PoolRounding::of(grids), results, codes);
        }
        store_codes(y, p_.y.axes[2], width_.output, codes);
    }

    void round_results(const PoolRounding& rounding, const float* results, UInt8* codes) const {
        FloatLanes multiplier = broadcast<FloatLanes>(rounding.multiplier);
        FloatLanes zero = broadcast<FloatLanes>(rounding.output_zero);
        for (Index o = 0; o < width_.output; o += kFloats) {
            store_unaligned(codes + o, codes_of(rounded_code(load_lanes(results + o), multiplier, zero)));
        }
    }

    void round_codes(const PoolRounding& rounding, UInt8* codes) const {
        FloatLanes multiplier = broadcast<FloatLanes>(rounding.multiplier);
        FloatLanes zero = broadcast<FloatLanes>(rounding.output_zero);
        for (Index o = 0; o < width_.output; o += kFloats) {
            FloatLanes steps = floats_of(load_unaligned<QuarterCodeLanes>(codes + o)) - rounding.zero;
            store_unaligned(codes + o, codes_of(rounded_code(steps, multiplier, zero)));
        }
    }

    // Calls vector(first output, lanes, first column) for windows without padding, and one(output, cell) for others.
    template <int Lanes, class VectorFunction, class Function>
    POOLING_FUNCTION void for_each_window(const VectorFunction& vector, const Function& one) const {
        for (Index o = 0; o < inside_.begin; o++) {
            one(o, AxisCell::of(width_, o));
        }
        for (Index o = inside_.begin; o < inside_.end; o += Lanes) {
            vector(o, minimum(Lanes, inside_.end - o), window_start(width_, o));
        }
        for (Index o = inside_.end; o < width_.output; o++) {
            one(o, AxisCell::of(width_, o));
        }
    }

    void maximum_row(const PoolCell& cell, const Byte* x, UInt8* columns, UInt8 zero, UInt8* codes) const {
        bool first = true;
        cell.for_each_row(p_.x, [&](Index offset) {
            for_each_code_vector(x + offset, p_.x.axes[2], width_.input, [&](Index i, CodeLanes v) {
                store_unaligned(columns + i, first ? v : larger_of(v, load_unaligned<CodeLanes>(columns + i)));
            });
            first = false;
        });
        for_each_window<kWide>(
            [&](Index o, Index lanes, Index begin) {
                WideLanes largest = wide_apart(columns + begin, width_.stride, lanes);
                for (Index k = 1; k < width_.kernel; k++) {
                    largest =
                        larger_of(largest, wide_apart(columns + begin + k * width_.dilation, width_.stride, lanes));
                }
                store_unaligned(codes + o, converted<HalfCodeLanes>(largest));
            },
            [&](Index o, const AxisCell& w) {
                UInt8 largest = 0;
                for (Index k = 0; k < w.count; k++) {
                    UInt8 code = columns[w.begin + k * w.step];
                    largest = code > largest ? code : largest;
                }
                codes[o] = w.count == 0 ? zero : largest;
            });
        if (first) {  // no row
            for (Index o = 0; o < width_.output; o++) {
                codes[o] = zero;
            }
        }
    }

    template <class Sum>
    void average_row(const PoolCell& cell, const Byte* x, Sum* columns, const PoolGrids& grids, float* results) const {
        typedef typename SumLanes<Sum>::Vector Vector;
        typedef typename SumLanes<Sum>::Codes Codes;
        constexpr Index kLanes = sizeof(Codes);
        bool first = true;
        cell.for_each_row(p_.x, [&](Index offset) {
            for_each_code_vector(x + offset, p_.x.axes[2], width_.input, [&](Index i, CodeLanes v) {
                UInt8 codes[kCodes];
                store_unaligned(codes, v);
                for (Index part = 0; part < kCodes; part += kLanes) {
                    Vector numbers = converted<Vector>(load_unaligned<Codes>(codes + part));
                    Sum* sums = columns + i + part;
                    store_unaligned(sums, first ? numbers : numbers + load_unaligned<Vector>(sums));
                }
            });
            first = false;
        });
        Index rows = cell.axes[0].count * cell.axes[1].count;
        Index padded_rows = cell.axes[0].padded_count * cell.axes[1].padded_count;
        UInt32 zero = static_cast<UInt32>(grids.zero);
        Index taps = rows * width_.kernel;
        float share = share_of(p_, taps, padded_rows * width_.kernel);
        for_each_window<kFloats>(
            [&](Index o, Index lanes, Index begin) {
                UInt32Lanes sum = UInt32Lanes{} - static_cast<UInt32>(taps) * zero;
                for (Index k = 0; k < width_.kernel && rows > 0; k++) {
                    sum += apart(columns + begin + k * width_.dilation, width_.stride, lanes);
                }
                store_lanes(results + o, floats_of(sum) * share);
            },
            [&](Index o, const AxisCell& w) {
                Index count = rows * w.count;
                UInt32 sum = count == 0 ? 0 : sum_of_columns(columns + w.begin, w.count, w.step);
                int steps = static_cast<int>(sum - static_cast<UInt32>(count) * zero);
                results[o] = static_cast<float>(steps) * share_of(p_, count, padded_rows * w.padded_count);
            });
    }

    void soft_row(const PoolCell& cell, const Byte* x, UInt8* columns, const PoolGrids& grids, float* results) const {
        Index row_length = width_.input + kSlack;
        Index rows = 0;
        cell.for_each_row(p_.x, [&](Index offset) {
            UInt8* row = columns + rows * row_length;
            for_each_code_vector(x + offset, p_.x.axes[2], width_.input,
                                 [&](Index i, CodeLanes v) { store_unaligned(row + i, v); });
            rows++;
        });
        float zero = static_cast<float>(grids.zero);
        FloatLanes scale = broadcast<FloatLanes>(static_cast<float>(grids.scale));
        // element(row, tap) gives lanes or a number.
        auto pool = [&](auto scales, Index taps, const auto& element) {
            auto largest = element(0, 0);
            for (Index r = 0; r < rows; r++) {
                for (Index k = 0; k < taps; k++) {
                    auto code = element(r, k);
                    largest = code > largest ? code : largest;
                }
            }
            auto sum = largest - largest;
            auto weights = sum;
            for (Index r = 0; r < rows; r++) {
                for (Index k = 0; k < taps; k++) {
                    auto code = element(r, k);
                    auto weight = weight_of(code, largest, scales);
                    sum += weight * code;
                    weights += weight;
                }
            }
            return sum / weights - zero;
        };
        for_each_window<kFloats>(
            [&](Index o, Index lanes, Index begin) {
                FloatLanes result = broadcast<FloatLanes>(0);
                if (rows > 0) {
                    result = pool(scale, width_.kernel, [&](Index r, Index k) {
                        return floats_apart(columns + r * row_length + begin + k * width_.dilation, width_.stride,
                                            lanes);
                    });
                }
                store_lanes(results + o, result);
            },
            [&](Index o, const AxisCell& w) {
                results[o] =
                    rows * w.count == 0 ? 0 : pool(static_cast<float>(grids.scale), w.count, [&](Index r, Index k) {
                        return static_cast<float>(columns[r * row_length + w.begin + k * w.step]);
                    });
            });
    }

    // Vectors of sums of 16 or 32 bits, and of as many codes.
    template <class Sum, class = void>
    struct SumLanes {
        typedef WideLanes Vector;
        typedef HalfCodeLanes Codes;
    };

    template <class Unused>
    struct SumLanes<UInt32, Unused> {
        typedef UInt32Lanes Vector;
        typedef QuarterCodeLanes Codes;
    };
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
