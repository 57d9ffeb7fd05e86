using System.Security.Cryptography;
using System.Text;

namespace Dlt.Sources.Rest;

/// <summary>Compares requests by what they ask for.</summary>
internal static class RestPrint
{
    /// <summary>Returns a hash of method, address, parameters, headers and body.</summary>
    public static UInt128 Of(RestRequest request)
    {
        var text = new StringBuilder(request.Method.Method).Append(' ').Append(request.Url);
        foreach (var (name, value) in request.Params) text.Append('\n').Append(name).Append('=').Append(value);
        foreach (var (name, value) in request.Headers) text.Append('\n').Append(name).Append(':').Append(value);
        text.Append('\n').Append(request.Json).Append('\n').Append(request.Data);
        return Of(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Returns a hash of bytes.</summary>
    public static UInt128 Of(ReadOnlySpan<byte> bytes) => BitConverter.ToUInt128(SHA256.HashData(bytes));
}
