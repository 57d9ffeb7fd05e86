using System.Globalization;
using Amazon.Runtime;

namespace Dlt.Aws;

/// <summary>The errors of services as messages show them, with the number of attempts of the call.</summary>
internal static class ErrorText
{
    /// <summary>The error as messages show it: its code, or its status if it has none, its text, and the number of attempts.</summary>
    public static string Named(AmazonServiceException error)
    {
        var status = ((int)error.StatusCode).ToString(CultureInfo.InvariantCulture);
        return $"{(string.IsNullOrEmpty(error.ErrorCode) ? $"HTTP {status}" : error.ErrorCode)}: {Told(error)}";
    }

    /// <summary>The text of an error with the number of attempts, if there were several, before its full stop.</summary>
    public static string Told(AmazonServiceException error)
    {
        var text = AwsErrors.Shown(error.Message);
        if (AttemptHandler.CallOf(error) is not { Attempt: > 1 and var attempts }) return text;
        var isSentence = text.EndsWith('.');
        return string.Create(
            CultureInfo.InvariantCulture, $"{(isSentence ? text[..^1] : text)} (tried {attempts} times){(isSentence ? "." : "")}");
    }
}
