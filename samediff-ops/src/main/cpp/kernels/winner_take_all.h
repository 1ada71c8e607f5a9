// SPDX-License-Identifier: Apache-2.0
// Winner-take-all (Makhzani, Frey, NIPS 2015): the k largest elements of a map stay, the others become 0; the gradient
// goes to those that stay. Arrays: x, y; or x, gradient of y, gradient of x. Both passes move what is kept.
#pragma once

#include "top_elements.h"
