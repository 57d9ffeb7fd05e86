using System.Globalization;

namespace Dlt.Packages;

/// <summary>Orders load ids by the seconds that they denote. Ids that are not numbers come first, in ordinal order.</summary>
internal sealed class LoadIdOrder : IComparer<string>
{
    public static LoadIdOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (isX, isY) = (TryParse(x, out var a), TryParse(y, out var b));
        var order = isX && isY ? a.CompareTo(b) : isX.CompareTo(isY);
        return order != 0 ? order : string.CompareOrdinal(x, y);
    }

    private static bool TryParse(string? id, out decimal seconds) =>
        decimal.TryParse(id, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds);
}
