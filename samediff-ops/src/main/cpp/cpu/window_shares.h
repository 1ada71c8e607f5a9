// SPDX-License-Identifier: Apache-2.0
// What share of its elements, or of their gradients, each window of a row has: a number of the operator, which counts
// the elements of a window.
#pragma once

#include "../kernels/window_parameters.h"
#include "cells.h"
#include "lanes.h"
#include "scratch.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

// What an operator's share of the elements depends on.
template <class Scalar>
struct TapCounts {
    typedef Scalar Element;
    Index inside;  // the map
    Index padded;  // inside the padded map

    POOLING_FUNCTION Index count() const {
        return inside;
    }

    POOLING_FUNCTION Index padded_count() const {
        return padded;
    }
};

// Of all rows of windows of a plane, most of which have the same shares.
template <class Operator, class Scalar>
class WindowShares {
public:
    WindowShares(const WindowGeometry& g, const WindowOptions& options)
        : height_(g.axes[1].output),
          pitch_(padded<Vector>(g.axes[2].output)),
          rows_(g.axes[0].output * height_),
          shares_(!rows_ ? 0 : list_rows(g) * pitch_) {
        if (*this) {
            Operator op(options);
            Index filled = 0;
            for (Index i = 0; i < g.axes[0].output * height_; i++) {
                if (rows_.get()[i].number == filled) {
                    fill(g, op, rows_.get()[i]);
                    filled++;
                }
            }
        }
    }

    explicit operator bool() const {
        return rows_ && shares_;
    }

    // Followed by zeros to a whole vector.
    const Scalar* of_row(Index depth, Index height) const {
        return of_row(depth * height_ + height);
    }

    const Scalar* of_row(Index number) const {
        return shares_.get() + rows_.get()[number].number * pitch_;
    }

private:
    typedef typename LanesOf<Scalar>::Vector Vector;

    // What the shares of a row of windows depend on, and which of them it has.
    struct Row {
        Index inside;
        Index padded;
        Index number;
    };

    Index height_;
    Index pitch_;
    Scratch<Row> rows_;
    Scratch<Scalar> shares_;

    // How many are different.
    Index list_rows(const WindowGeometry& g) {
        Index numbers = 0;
        for (Index i = 0; i < g.axes[0].output * height_; i++) {
            Index depth = i / height_;
            Index height = i % height_;
            Row row = {valid_taps(g.axes[0], depth).size() * valid_taps(g.axes[1], height).size(),
                       padded_taps(g.axes[0], depth) * padded_taps(g.axes[1], height), numbers};
            Index like = i - 1;
            while (like >= 0 && (rows_.get()[like].inside != row.inside || rows_.get()[like].padded != row.padded)) {
                like--;
            }
            row.number = like >= 0 ? rows_.get()[like].number : numbers++;
            rows_.get()[i] = row;
        }
        return numbers;
    }

    void fill(const WindowGeometry& g, const Operator& op, const Row& row) {
        const WindowAxis& axis = g.axes[2];
        Scalar* shares = shares_.get() + row.number * pitch_;
        for (Index i = 0; i < pitch_; i++) {
            Index taps = i < axis.output ? row.inside * valid_taps(axis, i).size() : 0;
            shares[i] = taps == 0 ? 0 : op.share(TapCounts<Scalar>{taps, row.padded * padded_taps(axis, i)});
        }
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
