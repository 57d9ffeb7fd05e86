namespace Dlt.Retries;

/// <summary>
/// A service that has never answered could not be reached: a wrong address is more likely than a bad network. The call used up its
/// attempts, so no step around it retries.
/// </summary>
internal sealed class FirstCallException : DltException
{
    public FirstCallException(string message, Exception? innerException) : base(message, innerException) => WasRetried = true;
}
