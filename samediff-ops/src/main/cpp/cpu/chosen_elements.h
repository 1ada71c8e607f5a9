// SPDX-License-Identifier: Apache-2.0
// Gradient that goes from each window to one element of its map, plane by plane: what several windows give to an
// element is added in their order.
#pragma once

#include <string.h>

#include "../kernels/window_parameters.h"
#include "cells.h"
#include "kernel_table.h"
#include "planes.h"
#include "scratch.h"
#include "threads.h"
#include "window_rows.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// Stores numbers of a plane's elements in an array of such planes.
template <class Storage, class Real>
void store_plane(const WindowGeometry& g, const TensorStrides& s, Index plane, const Real* numbers, Storage* array) {
    typedef typename LanesOf<Real>::Vector Vector;
    for (Index depth = 0; depth < g.axes[0].input; depth++) {
        for (Index height = 0; height < g.axes[1].input; height++, numbers += g.axes[2].input) {
            Storage* target = array + element_offset(s, plane / g.channels, plane % g.channels, depth, height, 0);
            for_each_vector<Vector>(g.axes[2].input, [&](Index width, int lanes) {
                store_lanes(target + width * s.axes[2], s.axes[2], lanes,
                            load_lanes<Vector>(numbers + width, 1, lanes));
            });
        }
    }
}

// Arrays: x, index, gradient of y, gradient of x.
template <class Storage>
class ChosenElements {
    typedef typename StorageTraits<Storage>::Real Real;
    typedef WindowParameters<4> Parameters;

public:
    ChosenElements(const void* parameters, void* const* arrays)
        : p_(*static_cast<const Parameters*>(parameters)),
          index_(static_cast<const Index*>(arrays[1])),
          gradient_(static_cast<const Storage*>(arrays[2])),
          x_gradient_(static_cast<Storage*>(arrays[3])) {}

    // Sums of many channels that lie side by side are better kept side by side.
    bool applies() const {
        return !channels_last(p_.geometry, p_.strides[3]) && planes() >= kLeastPlanes;
    }

    KernelStatus run() const {
        const WindowGeometry& g = p_.geometry;
        Index elements = g.axes[0].input * g.axes[1].input * g.axes[2].input;
        Index windows = g.axes[0].output * g.axes[1].output * g.axes[2].output;
        bool out_of_memory = false;
        bool bad_index = false;
        parallel_ranges(planes(), elements + windows, [&](Index begin, Index end) {
            Scratch<Real> sums(elements);
            if (!sums) {
                out_of_memory = true;  // every thread writes the same value
                return;
            }
            for (Index plane = begin; plane < end; plane++) {
                memset(sums.get(), 0, static_cast<size_t>(elements) * sizeof(Real));
                if (!add(plane / g.channels, plane % g.channels, elements, sums.get())) {
                    bad_index = true;
                }
                store_plane(g, p_.strides[3], plane, sums.get(), x_gradient_);
            }
        });
        return out_of_memory ? kOutOfMemory : bad_index ? kBadIndex : kSuccess;
    }

private:
    const Parameters& p_;
    const Index* index_;
    const Storage* gradient_;
    Storage* x_gradient_;

    Index planes() const {
        return p_.geometry.batch * p_.geometry.channels;
    }

    // False if an index lies outside the map.
    bool add(Index batch, Index channel, Index elements, Real* sums) const {
        const WindowGeometry& g = p_.geometry;
        Index index_step = p_.strides[1].axes[2];
        Index gradient_step = p_.strides[2].axes[2];
        bool good = true;
        for (Index depth = 0; depth < g.axes[0].output; depth++) {
            for (Index height = 0; height < g.axes[1].output; height++) {
                const Index* index = index_ + element_offset(p_.strides[1], batch, channel, depth, height, 0);
                const Storage* gradient = gradient_ + element_offset(p_.strides[2], batch, channel, depth, height, 0);
                for (Index width = 0; width < g.axes[2].output; width++) {
                    Index position = index[width * index_step];
                    if (position >= 0 && position < elements) {
                        sums[position] += load(gradient + width * gradient_step);
                    } else {
                        good &= position == -1;
                    }
                }
            }
        }
        return good;
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
