using System.Collections;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Xml;

namespace Dlt.Sources.Sql;

/// <summary>Texts of values for which no column type is better: the provider's own text, with dates in ISO 8601 wherever it runs.</summary>
internal static class ProviderText
{
    private static readonly CultureInfo Iso = IsoCulture();

    /// <summary>The text of a value.</summary>
    /// <returns>Null when its type has no text of its own.</returns>
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

    /// <summary>Pairs of digits with colons, as databases write it.</summary>
    public static string Of(PhysicalAddress address) =>
        string.Join(':', address.GetAddressBytes().Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    private static string? OwnText(object value)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Iso;
        try
        {
            var text = value.ToString();
            return text == value.GetType().ToString() ? null : text;   // what object.ToString says
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>Providers put ranges together from texts of the current culture.</summary>
    private static CultureInfo IsoCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.DateTimeFormat.ShortDatePattern = culture.DateTimeFormat.LongDatePattern = "yyyy-MM-dd";
        culture.DateTimeFormat.LongTimePattern = "HH:mm:ss.FFFFFFF";
        return CultureInfo.ReadOnly(culture);
    }
}
