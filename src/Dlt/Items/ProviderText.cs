using System.Collections;
using System.Globalization;
using System.Net.NetworkInformation;
using System.Net;
using System.Xml;

namespace Dlt.Items;

/// <summary>
/// Converts values without a column type to text: the provider's own text, with dates in ISO 8601 regardless of the current culture.
/// </summary>
internal static class ProviderText
{
    private static readonly CultureInfo Iso = IsoCulture();

    /// <summary>Returns the text of a value.</summary>
    /// <returns>Null when the type does not override <see cref="object.ToString"/>.</returns>
    public static string? Of(object value) => value switch
    {
        string text => text,
        char[] text => new string(text),
        Uri url => url.OriginalString,
        PhysicalAddress address => Of(address),
        IPAddress address => address.ToString(),
        BitArray bits => string.Create(bits.Length, bits, static (text, from) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = from[i] ? '1' : '0';
        }),
        XmlNode xml => xml.OuterXml,
        Enum name => name.ToString(),
        _ => OwnText(value),
    };

    /// <summary>Returns the address as pairs of hexadecimal digits with colons, as databases write it.</summary>
    public static string Of(PhysicalAddress address) =>
        string.Join(':', address.GetAddressBytes().Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    private static string? OwnText(object value)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Iso;
        try
        {
            var text = value.ToString();
            return text == value.GetType().ToString() ? null : text;   // the text of object.ToString
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>Creates a culture with ISO 8601 formats, because providers format ranges with the current culture.</summary>
    private static CultureInfo IsoCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.DateTimeFormat.ShortDatePattern = culture.DateTimeFormat.LongDatePattern = "yyyy-MM-dd";
        culture.DateTimeFormat.LongTimePattern = "HH:mm:ss.FFFFFFF";
        return CultureInfo.ReadOnly(culture);
    }
}
