// SPDX-License-Identifier: Apache-2.0
// Maximum, average and soft pooling of bytes, over windows and adaptive cells.
#include "quantized_channels.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {
namespace {

// Axes that one cell covers, and whose elements follow each other, become one long axis.
QuantizedPoolParameters collapsed(QuantizedPoolParameters p) {
    for (int a = 0; a + 1 < kAxes; a++) {
        WindowAxis& outer = p.geometry.axes[a];
        WindowAxis& inner = p.geometry.axes[a + 1];
        bool covered = outer.kernel == 0 && outer.output == 1 && inner.kernel == 0 && inner.output == 1;
        if (covered && p.x.axes[a] == p.x.axes[a + 1] * inner.input) {
            inner.input *= outer.input;
            outer.input = 1;
        }
    }
    return p;
}

template <QuantizedKind Kind>
struct Quantized {
    template <class Byte>
    static KernelStatus forward(const void* parameters, void* const* arrays) {
        QuantizedPoolParameters p = collapsed(*static_cast<const QuantizedPoolParameters*>(parameters));
        bool channels_last =
            p.x.channel == 1 && p.geometry.channels > 1 && (p.x.axes[2] != 1 || p.geometry.axes[2].input == 1);
        return channels_last ? QuantizedChannels<Byte, Kind>(p, arrays).run()
                             : QuantizedRows<Byte, Kind>(p, arrays).run();
    }
};

}  // namespace
}  // namespace POOLING_INSTRUCTION_SET

extern const KernelEntry POOLING_KERNEL_TABLE(quantized_pool)[];
const KernelEntry POOLING_KERNEL_TABLE(quantized_pool)[] = {
    POOLING_BYTE_KERNEL("quantized_maximum", QuantizedPoolParameters, 3, Quantized<kQuantizedMaximum>::forward),
    POOLING_BYTE_KERNEL("quantized_average", QuantizedPoolParameters, 3, Quantized<kQuantizedAverage>::forward),
    POOLING_BYTE_KERNEL("quantized_soft", QuantizedPoolParameters, 3, Quantized<kQuantizedSoft>::forward),
    {},
};

}  // namespace pooling
