using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>The texts of errors that ParquetSharp takes from the C++ library of Parquet.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class NativeError
{
    private const string Begin = " (message: '";
    private const string End = "')";

    /// <summary>
    /// Returns the message without the name of the C++ type around it (<c>N7parquet…E (message: 'Invalid: …')</c>) and without a full
    /// stop at its end.
    /// </summary>
    public static string TextOf(Exception error)
    {
        var text = error.Message;
        var begin = text.IndexOf(Begin, StringComparison.Ordinal);
        var end = text.LastIndexOf(End, StringComparison.Ordinal);
        return (begin < 0 || end < begin + Begin.Length ? text : text[(begin + Begin.Length)..end]).TrimEnd('.');
    }
}
