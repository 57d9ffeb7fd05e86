using System.Globalization;
using Dlt.Json;

namespace Dlt.Cli.Commands;

/// <summary>
/// What a <c>dlt load</c> is for: its files as they are now, and all that decides on their rows. Whoever repeats a load that stopped
/// wants each file once.
/// </summary>
internal static class LoadKey
{
    /// <param name="table">The table.</param>
    /// <param name="files">The files.</param>
    /// <param name="options">Further options, in an order that stays.</param>
    public static string Of(string table, IEnumerable<FileInfo> files, params string[] options)
    {
        var parts = files.SelectMany(f => new[]
        {
            f.FullName,
            f.Exists ? f.Length.ToString(CultureInfo.InvariantCulture) : "",
            f.Exists ? f.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture) : "",
        });
        return JsonText.Write(JsonValue.Array([.. new[] { table }.Concat(options).Concat(parts).Select(JsonValue.String)]));
    }
}
