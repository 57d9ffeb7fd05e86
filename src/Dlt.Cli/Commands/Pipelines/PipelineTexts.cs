using System.Globalization;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>Formats times, sizes and stages for the commands of <c>dlt pipeline</c>.</summary>
internal static class PipelineTexts
{
    private const double Kibi = 1024;

    /// <summary>A time in the form <c>2026-05-06 07:08:09 UTC</c>.</summary>
    public static string Time(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");

    /// <summary>The stage of a package in lower case: <c>normalized</c>, <c>set aside</c>.</summary>
    public static string State(StoredPackageState state) =>
        state == StoredPackageState.SetAside ? "set aside" : state.ToString().ToLowerInvariant();

    /// <summary>Bytes in dlt's binary units: <c>512B</c>, <c>4.5K</c>, <c>1.2M</c>.</summary>
    public static string Size(long bytes)
    {
        if (bytes < Kibi) return string.Create(CultureInfo.InvariantCulture, $"{bytes}B");
        var (size, unit) = (bytes / Kibi, 0);
        for (; size >= Kibi && unit < 3; unit++) size /= Kibi;
        return string.Create(CultureInfo.InvariantCulture, $"{size:0.0}{"KMGT"[unit]}");
    }
}
