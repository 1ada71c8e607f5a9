// SPDX-License-Identifier: Apache-2.0
// Windows of two by two elements, the most frequent ones, where all lie inside the map and groups of neighbours are
// aligned: a thread reads the elements of a group of windows at once and keeps them in registers.
#pragma once

#include "device_window.cuh"
#include "vector_access.cuh"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

constexpr int kQuad = 4;

// Which of a quad's elements; the compiler knows it where loops are unrolled. A register has no address.
template <class Real>
POOLING_DEVICE Real quad_element(const Real (&quad)[kQuad], Index tap) {
    return tap == 0 ? quad[0] : tap == 1 ? quad[1] : tap == 2 ? quad[2] : quad[3];
}

// Whether windows are quads and come in groups of channels, or of columns.
template <int Count>
POOLING_FUNCTION bool are_quads(const WindowGeometry& g, bool along_channels) {
    bool quads = g.axes[0].kernel == 1 && g.axes[1].kernel == 2 && g.axes[2].kernel == 2;
    for (int a = 0; a < kAxes; a++) {
        const WindowAxis& axis = g.axes[a];
        quads &= axis.padding == 0 && (axis.output - 1) * axis.stride + (axis.kernel - 1) * axis.dilation < axis.input;
    }
    bool side_by_side = g.axes[2].stride == 2 && g.axes[2].dilation == 1;
    Index size = along_channels ? g.channels : g.axes[2].output;
    return quads && size % Count == 0 && (along_channels || side_by_side);
}

// Whether quads besides cover the map, none twice.
POOLING_FUNCTION bool are_tiles(const WindowGeometry& g) {
    bool tiles = true;
    for (int a = 0; a < kAxes; a++) {
        const WindowAxis& axis = g.axes[a];
        tiles &= axis.stride == axis.kernel && axis.output * axis.kernel == axis.input &&
                 (axis.kernel == 1 || axis.dilation == 1);
    }
    return tiles;
}

// The elements of a group of quads in one map.
template <class Storage>
struct QuadGroup {
    static constexpr int kCount = kNeighbours<Storage>;
    typedef typename StorageTraits<Storage>::Real Real;

    Storage elements[kQuad][kCount];

    POOLING_DEVICE Real at(int tap, int window) const {
        return load(&elements[tap][window]);
    }

    // first: of the first window.
    POOLING_DEVICE void load_from(const Storage* first, const TensorStrides& s, const WindowGeometry& g,
                                  bool along_channels) {
        unrolled<2>([&](int row) {
            const Storage* line = first + row * g.axes[1].dilation * s.axes[1];
            if (along_channels) {
                load_neighbours(line, elements[2 * row]);
                load_neighbours(line + g.axes[2].dilation * s.axes[2], elements[2 * row + 1]);
            } else {
                Storage columns[2 * kCount];
                load_neighbours(line, columns);
                unrolled<2 * kCount>([&](int i) { elements[2 * row + i % 2][i / 2] = columns[i]; });
            }
        });
    }

    // Of tiles.
    POOLING_DEVICE void store_to(Storage* first, const TensorStrides& s, bool along_channels) const {
        unrolled<2>([&](int row) {
            Storage* line = first + row * s.axes[1];
            if (along_channels) {
                store_neighbours(line, elements[2 * row]);
                store_neighbours(line + s.axes[2], elements[2 * row + 1]);
            } else {
                Storage columns[2 * kCount];
                unrolled<2 * kCount>([&](int i) { columns[i] = elements[2 * row + i % 2][i / 2]; });
                store_neighbours(line, columns);
            }
        });
    }

    // Place of the first element of a window.
    POOLING_DEVICE static MapPlace first_of(const MapPlace& window, const WindowGeometry& g) {
        MapPlace first = window;
        for (int a = 0; a < kAxes; a++) {
            first.axes[a] *= g.axes[a].stride;
        }
        return first;
    }
};

// A quad as operators see it, see DeviceWindow.
template <class Operator, class Storage, class Sink>
class QuadWindow {
    typedef WindowArrays<Operator> Roles;

public:
    typedef typename StorageTraits<Storage>::Real Real;
    typedef Real Element;

    // number: of the window in its group.
    POOLING_DEVICE QuadWindow(const WindowHeader& header, const TensorStrides* strides, const GpuArrays& arrays,
                              const MapPlace& at, const QuadGroup<Storage> (&maps)[Roles::kMaps], int number,
                              Sink& sink)
        : header_(header), strides_(strides), arrays_(arrays), at_(at), sink_(sink) {
        unrolled<Roles::kMaps>(
            [&](int m) { unrolled<kQuad>([&](int tap) { maps_[m][tap] = maps[m].at(tap, number); }); });
    }

    POOLING_DEVICE Index count() const {
        return kQuad;
    }

    POOLING_DEVICE Index kernel_count() const {
        return kQuad;
    }

    POOLING_DEVICE Index padded_count() const {
        return kQuad;
    }

    POOLING_DEVICE Real first() const {
        return x(0);
    }

    template <class Function>
    POOLING_DEVICE void for_each(const Function& function) const {
        unrolled<kQuad>([&](int i) { function(x(i), Index(i)); });
    }

    POOLING_DEVICE Real x(Index tap) const {
        return quad_element(maps_[0], tap);
    }

    POOLING_DEVICE Real element(int array, Index tap) const {
        if constexpr (Roles::kMaps == 1) {
            return x(tap);
        } else {
            return array == 0 ? x(tap) : quad_element(maps_[1], tap);
        }
    }

    POOLING_DEVICE bool has_parameter(int i) const {
        return has_window_parameter<Operator>(arrays_, i);
    }

    POOLING_DEVICE Real parameter(int i) const {
        return window_parameter<Operator, Storage>(header_, strides_, arrays_, at_, i);
    }

    POOLING_DEVICE Real mask(int i, Index tap) const {
        const TensorStrides& s = strides_[Roles::mask(i)];
        Index offset = at_.channel * s.channel + (tap >> 1) * s.axes[1] + (tap & 1) * s.axes[2];
        return load(arrays_.at<const Storage>(Roles::mask(i)) + offset);
    }

    POOLING_DEVICE void keep(int, Index, Real) const {}

    template <class Function>
    POOLING_DEVICE Real kept(int, Index, const Function& compute) const {
        return compute();
    }

    POOLING_DEVICE void choose(Real tap) const {
        sink_.choose(tap);
    }

    POOLING_DEVICE Real gradient() const {
        return sink_.gradient();
    }

    POOLING_DEVICE void add_x_gradient(Index tap, Real value) const {
        sink_.element_gradient(0, tap, value);
    }

    POOLING_DEVICE void add_element_gradient(int array, Index tap, Real value) const {
        sink_.element_gradient(array, tap, value);
    }

    POOLING_DEVICE void set_parameter_gradient(int, Real) const {}
    POOLING_DEVICE void set_mask_factor(int, Real) const {}

    POOLING_DEVICE Index position(Index tap) const {
        const WindowAxis* axes = header_.geometry.axes;
        Index row = at_.axes[1] * axes[1].stride + (tap >> 1) * axes[1].dilation;
        Index column = at_.axes[2] * axes[2].stride + (tap & 1) * axes[2].dilation;
        return (at_.axes[0] * axes[0].stride * axes[1].input + row) * axes[2].input + column;
    }

private:
    static_assert(Roles::kMaps <= 2, "element() chooses between two");

    const WindowHeader& header_;
    const TensorStrides* strides_;
    const GpuArrays& arrays_;
    const MapPlace& at_;
    Sink& sink_;
    Real maps_[Roles::kMaps][kQuad];
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
