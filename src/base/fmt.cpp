// fmt, compiled once. Its headers can do without, but then every file compiles all of formatting
// anew, which took small files more time than all that is in them.

#include <fmt/format-inl.h>

#if FMT_USE_LOCALE
template fmt::locale_ref::locale_ref(const std::locale& locale);
template auto fmt::locale_ref::get<std::locale>() const -> std::locale;
#endif
template auto fmt::detail::dragonbox::to_decimal(float) noexcept
    -> fmt::detail::dragonbox::decimal_fp<float>;
template auto fmt::detail::dragonbox::to_decimal(double) noexcept
    -> fmt::detail::dragonbox::decimal_fp<double>;
template auto fmt::detail::thousands_sep_impl(fmt::locale_ref)
    -> fmt::detail::thousands_sep_result<char>;
template auto fmt::detail::decimal_point_impl(fmt::locale_ref) -> char;
template void fmt::detail::buffer<char>::append(const char* begin, const char* end);
