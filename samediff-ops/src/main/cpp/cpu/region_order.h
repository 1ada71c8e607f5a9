// SPDX-License-Identifier: Apache-2.0
// Regions sorted by image, those of one image in their order.
#pragma once

#include "../kernels/region_parameters.h"
#include "scratch.h"

namespace pooling {
inline namespace POOLING_INSTRUCTION_SET {

class RegionOrder {
public:
    RegionOrder(const RegionBox* boxes, Index count, Index images) : boxes_(boxes), order_(count), begins_(images + 1) {
        if (!*this) {
            return;
        }
        for (Index image = 0; image <= images; image++) {
            begins_.get()[image] = 0;
        }
        for (Index k = 0; k < count; k++) {
            begins_.get()[image_of(k) + 1]++;
        }
        for (Index image = 0; image < images; image++) {
            begins_.get()[image + 1] += begins_.get()[image];
        }
        for (Index k = 0; k < count; k++) {
            order_.get()[begins_.get()[image_of(k)]++] = k;
        }
        for (Index image = images; image > 0; image--) {  // filling moved each begin to the next one
            begins_.get()[image] = begins_.get()[image - 1];
        }
        begins_.get()[0] = 0;
    }

    explicit operator bool() const {
        return order_ && begins_;
    }

    const RegionBox& operator[](Index i) const {
        return boxes_[order_.get()[i]];
    }

    // The image's part of the order.
    Range of_image(Index image) const {
        return {begins_.get()[image], begins_.get()[image + 1]};
    }

private:
    const RegionBox* boxes_;
    Scratch<Index> order_;
    Scratch<Index> begins_;

    Index image_of(Index k) const {
        return static_cast<Index>(boxes_[k].image);
    }
};

}  // namespace POOLING_INSTRUCTION_SET
}  // namespace pooling
